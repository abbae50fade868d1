// What a narrow page folds until somebody asks for it: more on a phone than on a tablet. A wide page has all of it open,
// and so has a printed one.
export function folds() {
  for (const fold of document.querySelectorAll("details.fold")) {
    const narrow = matchMedia(`screen and (max-width: ${fold.classList.contains("phone") ? 46 : 60}rem)`);
    let asked = false;
    const place = () => { fold.open = !narrow.matches || asked; };
    fold.addEventListener("toggle", () => { if (narrow.matches) asked = fold.open; });
    narrow.addEventListener("change", place);
    place();
  }
}

// Opens the fold that a place of the page lies in, or else the first that it holds.
export function unfold(place) {
  const fold = place.closest("details.fold") ?? place.querySelector("details.fold:not(#done)");
  if (fold) fold.open = true;
}
