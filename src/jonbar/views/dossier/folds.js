// What is folded opens where a link leads into it, on paper, and all of it at once for who wants to scroll. Browsers that
// do the first two by themselves lose nothing.
(() => {
  const folds = [...document.querySelectorAll("details")];
  const reveal = () => {
    const place = document.getElementById(location.hash.slice(1));
    const shut = folds.filter((each) => !each.open && place && each.contains(place));
    for (const each of shut) each.open = true;
    if (shut.length) place.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => { if (event.target.closest("a[href^='#']")) setTimeout(reveal); });
  reveal();
  let printed = [];
  addEventListener("beforeprint", () => { printed = folds.filter((each) => !each.open); for (const each of printed) each.open = true; });
  addEventListener("afterprint", () => { for (const each of printed) each.open = false; });
  const all = document.createElement("button");
  const name = () => { all.textContent = folds.every((each) => each.open) ? "Fold everything" : "Open everything"; };
  all.type = "button";
  all.addEventListener("click", () => { const open = folds.some((each) => !each.open); for (const each of folds) each.open = open; });
  document.addEventListener("toggle", name, true);
  name();
  document.querySelector(".contents").append(all);
})();
