// The dials of a report: move one, and the draws that the page carries are weighed anew. Nothing leaves the page.
(() => {
  const place = document.getElementById("dials");
  const { figures, draws } = JSON.parse(document.getElementById("data").textContent);
  if (!place || !draws.dials.length) return;
  const make = (kind, about = {}, ...children) => {
    const found = document.createElement(kind);
    for (const [name, value] of Object.entries(about)) name in found ? found[name] = value : found.setAttribute(name, value);
    found.append(...children);
    return found;
  };
  const base = draws.weights.map((each) => Float64Array.from(new Float32Array(Figures.bytes(each).buffer)));
  const outcomes = new Map(Object.entries(draws.outcomes).map(([key, each]) => [key, Figures.unpack(each)]));
  const dials = draws.dials.map((each) => ({
    ...each,
    at: null,
    z: each.z && new Int8Array(Figures.bytes(each.z).buffer),
    true: each.true && Figures.bytes(each.true),
    credence: each.credence && Figures.bytes(each.credence),
  }));
  const names = new Map(figures.lines.map((each) => [each.variable, each.ask]));
  const rows = [...document.querySelectorAll("tr[data-outcome]")].map((row) => ({
    row, key: row.dataset.outcome, value: row.cells[3].querySelector("span"), ends: row.cells[4].querySelector("span"),
    span: row.querySelector("rect:nth-of-type(2)"), bar: row.querySelector("rect:nth-of-type(3)"),
  }));
  for (const each of rows) {
    each.saved = { value: each.value.innerHTML, ends: each.ends.innerHTML };
    each.drawn = each.span && { x: each.span.getAttribute("x"), width: each.span.getAttribute("width"), at: each.bar.getAttribute("x") };
  }
  const results = figures.headline.map((key) => {
    const [name, label] = key.split("\x1f");
    const ask = names.get(name) + (outcomes.get(key).unit === "chance" && label !== "yes" ? ` ${label.replaceAll("_", " ")}` : "");
    const now = make("span", { className: "now" });
    return { key, now, item: make("li", {}, make("bdi", {}, ask), now) };
  });
  const state = make("p", { className: "state", role: "status" });
  const reset = make("button", { type: "button", textContent: "As the file has it", disabled: true });
  const control = (dial, number) => {
    const middle = (dial.positions.length - 1) / 2;
    const input = make("input", { type: "range", id: `dial-${number}`, min: 0, max: dial.positions.length - 1, step: 1, value: middle });
    const output = make("output", { htmlFor: `dial-${number}`, textContent: `${dial.file} (the file)` });
    input.setAttribute("aria-valuetext", dial.file);
    const box = make("div", { className: "dial" },
      make("label", { htmlFor: `dial-${number}` }, make("bdi", { className: "what" }, dial.ask), make("bdi", {}, dial.label)),
      make("div", { className: "names" }, make("code", {}, dial.name), output), input);
    const show = () => {
      const said = dial.at === null ? `${dial.file} (the file)` : dial.positions[dial.at][1];
      output.textContent = said;
      input.setAttribute("aria-valuetext", said);
      box.classList.toggle("moved", dial.at !== null);
    };
    input.addEventListener("input", () => { dial.at = Number(input.value); show(); update(); });
    dial.rest = () => { dial.at = null; input.value = middle; show(); };
    return box;
  };
  let waiting = false;
  const update = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; work(); });
  };
  const work = () => {
    const moved = dials.filter((each) => each.at !== null);
    reset.disabled = !moved.length;
    const log = new Float64Array(draws.count);
    for (const dial of moved) {
      const part = Figures.logRatio(dial, dial.positions[dial.at][0], draws.narrower);
      for (let at = 0; at < log.length; at++) log[at] += part[at];
    }
    const most = log.reduce((one, other) => Math.max(one, other), -Infinity), ratio = log.map((each) => Math.exp(each - most));
    const found = new Map([...outcomes].map(([key, each]) => [key, Figures.weigh(each, base[each.weights], ratio)]));
    const left = draws.worth * Math.min(...figures.headline.map((key) => found.get(key).effective));
    const few = moved.length > 0 && left < draws.fewest;
    const before = (key) => {
      const [name, label] = key.split("\x1f");
      return figures.lines.find((each) => each.variable === name).here[label];
    };
    for (const { key, now } of results) {
      const unit = outcomes.get(key).unit, was = Figures.say(unit, before(key));
      if (!moved.length) now.textContent = `${was.value} (${was.range})`;
      else if (few) now.textContent = "too few draws";
      else {
        const here = Figures.say(unit, found.get(key));
        now.replaceChildren(make("span", { className: "was", textContent: `${was.value} → ` }), `${here.value} (${here.range})`);
      }
    }
    for (const each of rows) {
    each.saved = { value: each.value.innerHTML, ends: each.ends.innerHTML };
      const unit = outcomes.get(each.key).unit, was = Figures.say(unit, before(each.key)), answer = found.get(each.key);
      const back = !moved.length || few, here = back ? was : Figures.say(unit, answer);
      const near = (one, other) => Math.abs(one - other) < (unit === "chance" ? 0.05 : 0.1 * Math.max(1e-9, before(each.key).high - before(each.key).low));
      const same = back || here.value === was.value && near(answer.low, before(each.key).low) && near(answer.high, before(each.key).high);
      each.row.classList.toggle("moved", !same);
      if (same) { each.value.innerHTML = each.saved.value; each.ends.innerHTML = each.saved.ends; }
      else { each.value.textContent = here.value; each.ends.textContent = here.range; }
      if (!each.drawn) continue;
      each.span.setAttribute("x", same ? each.drawn.x : 120 * answer.low);
      each.span.setAttribute("width", same ? each.drawn.width : Math.max(1.5, 120 * (answer.high - answer.low)));
      each.bar.setAttribute("x", same ? each.drawn.at : Math.min(117, Math.max(0, 120 * answer.value - 1.5)));
    }
    state.classList.toggle("few", few);
    if (!moved.length) state.textContent = `${draws.count.toLocaleString("en-US")} draws, as the file has it.`;
    else if (few) {
      const set = moved.map((each) => ` --set '${each.name}=${each.positions[each.at][1]}'`).join("");
      state.replaceChildren(`Only ${Math.round(left)} draws in effect would be left: too few to say. Run it anew: `,
        make("code", {}, `${draws.command}${set}`));
    } else state.textContent = `Weighed anew: ${Math.round(left).toLocaleString("en-US")} of ${draws.count.toLocaleString("en-US")} draws in effect. Changed rows of the two timelines are tinted.`;
  };
  reset.addEventListener("click", () => { dials.forEach((each) => each.rest()); update(); });
  place.className = "dials";
  place.closest("details").querySelector("summary i").append(make("span", { className: "screen" }, ", and dials to hold other numbers"));
  place.append(
    make("h3", { textContent: "Hold other numbers" }),
    make("p", { className: "told", textContent: "Move what you would put otherwise. A position stands for a range half as wide as the file’s; the draws that agreed with history are weighed by how likely your numbers make them." }),
    make("div", { className: "results" }, make("ul", {}, ...results.map((each) => each.item)), state),
    make("div", { className: "board" }, ...dials.map(control)), make("p", {}), reset);
  work();
})();
