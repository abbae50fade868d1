// Makes elements. Every word of a scenario becomes text, never markup.
export function make(kind, about = {}, ...children) {
  const found = document.createElement(kind);
  for (const [name, value] of Object.entries(about)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) found.addEventListener(name.slice(2), value);
    else if (name in found && name !== "list") found[name] = value;
    else found.setAttribute(name, value);
  }
  found.append(...children.filter((each) => each !== null && each !== undefined && each !== ""));
  return found;
}

export const told = (text) => (text ? make("bdi", {}, text) : "");

const WIDE = 120, TALL = 12;
const svg = (kind, about) => {
  const found = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(about)) found.setAttribute(name, value);
  return found;
};

export function chance([value, low, high, was]) {
  const drawn = svg("svg", { class: "chance", viewBox: `0 0 ${WIDE} ${TALL}`, width: WIDE, height: TALL, "aria-hidden": "true" });
  drawn.append(svg("rect", { class: "track", x: 0, y: 3, width: WIDE, height: 6, rx: 3 }),
    svg("rect", { class: "span", x: WIDE * low, y: 3, width: Math.max(1.5, WIDE * (high - low)), height: 6, rx: 3 }));
  if (was !== null) drawn.append(svg("circle", { class: "was", cx: 4 + (WIDE - 8) * was, cy: TALL / 2, r: 3.5 }));
  drawn.append(svg("rect", { class: "at", x: Math.min(WIDE - 3, Math.max(0, WIDE * value - 1.5)), y: 0, width: 3, height: TALL, rx: 1.5 }));
  return drawn;
}

// Rows are kept from answer to answer, so that who has the focus keeps it; only what changed is drawn anew. What is
// gone goes first: a panel stays while a row of its question does, and moves with the row that it stands below.
export function rows(body, answer, opened, open) {
  const keyed = new Map(answer.rows.map((row) => [row.outcome || `set ${row.when} ${row.ask}`, row]));
  const question = (key) => key.split("\x1f")[0];
  if (opened && ![...keyed.keys()].some((key) => question(key) === question(opened))) body.querySelector("tr.why")?.remove();
  const kept = new Map();
  for (const line of body.querySelectorAll("tr[data-key]")) {
    const row = keyed.get(line.dataset.key);
    if (row && line.classList.contains("first") === row.first) kept.set(line.dataset.key, line); else line.remove();
  }
  const below = (line) => (line.nextElementSibling?.classList.contains("why") ? line.nextElementSibling : null);
  let last = null;
  for (const [key, row] of keyed) {
    const line = kept.get(key) ?? empty(row, key, open);
    fill(line, row, answer.few);
    const wanted = last ? (below(last) ?? last).nextElementSibling : body.firstElementChild;
    if (wanted !== line) {
      const panel = below(line);
      body.insertBefore(line, wanted);
      if (panel) line.after(panel);
    }
    last = line;
  }
}

function empty(row, key, open) {
  const asked = row.first ? told(row.ask) : "";
  const head = row.outcome && row.first
    ? make("button", { type: "button", className: "ask", "aria-expanded": "false", onclick: () => open(key) }, asked) : asked;
  return make("tr", { "data-key": key }, make("td", { className: "when" }, row.when), asked ? make("th", { scope: "row" }, head) : make("td"),
    make("td", { className: "really" }, told(row.really)), make("td", { className: "here" }), make("td", { className: "range" }));
}

function fill(line, row, few) {
  line.className = [row.first && "first", row.set && "set", row.changed && "changed", row.tinted && !few && "tinted", few && row.outcome && "few"]
    .filter(Boolean).join(" ");
  line.dataset.suppose = JSON.stringify(row.suppose);
  const shown = JSON.stringify([row.here, row.range, row.chance, row.tinted, few]);
  if (line.dataset.shown === shown) return;
  line.dataset.shown = shown;
  const [, , , here, range] = line.children;
  const differs = row.tinted && !few && row.file;
  here.replaceChildren(told(row.here));
  range.replaceChildren(...(row.chance ? [chance(row.chance)] : []), make("span", { className: "ends" }, row.range),
    ...(differs ? [make("span", { className: "file" }, "the file: ", told(row.file))] : []));
}

export function why(found, suppose, takeOut, without, held) {
  const about = (each) => (each.ask ? make("span", { className: "about" }, told(each.ask)) : null);
  const item = (each) => make("li", {}, about(each), make("strong", {}, told(each.because)),
    each.absent ? ` By being absent it ${each.way}; taken out of both histories, ${each.without}. ` : ` It ${each.way}; without it, ${each.without}. `, each.detour ? `${each.detour} ` : "",
    make("span", { className: "sources-said" }, `${each.status[0].toUpperCase()}${each.status.slice(1)}${each.sources.length ? ": " : "."}`, told(each.sources.join("; ")), " "),
    make("code", {}, each.push), " ", make("button", { type: "button", className: "link", onclick: () => takeOut(each.push), disabled: without === each.push }, "Take it out everywhere"));
  const hinge = (each) => make("li", {}, each.theory ? null : about(each), make("strong", {}, told(each.theory ? each.ask : each.note)), " ",
    make("span", { className: "quiet" }, `${each.ends.join(", ")}. It makes ${each.share} of the uncertainty. `), make("code", {}, each.name));
  const parts = [];
  if (suppose) parts.push(make("div", { className: "suppose" }, "Suppose, without doing anything, that it",
    ...suppose.map((each) => make("button", { type: "button", "data-given": each.given, "aria-pressed": String(each.pressed), onclick: each.act }, told(each.said.trim())))));
  if (found) {
    parts.push(make("p", { className: "file-label", hidden: !held }, "As the file has it, before your changes:"));
    for (const each of found.gist) parts.push(make("p", {}, make("strong", {}, each.head), " ", told(each.text)));
    if (found.reasons.length) parts.push(make("h3", {}, "Its arguments, and the answer without each; with all of them it is ", told(found.answer)), make("ul", {}, ...found.reasons.map(item)));
    if (found.quiet) parts.push(make("p", { className: "note" }, `${found.quiet} other ${found.quiet === 1 ? "argument makes" : "arguments make"} no difference that can be told from noise.`));
    if (found.hangsOn.length) parts.push(make("h3", {}, "What it hangs on: assumptions that the file leaves open"), make("ul", {}, ...found.hangsOn.map(hinge)),
      make("p", { className: "note" }, `Together these make ${found.together} of the uncertainty. The rest is shared by many others, or too finely shaped to be told.`));
    if (!found.reasons.length && !found.hangsOn.length) parts.push(make("p", {}, "No argument or assumption moves it by more than noise."));
  } else parts.push(make("p", { className: "note" }, "Taking out its arguments, one by one …"));
  return parts;
}

// A model's chance and range, a reader's own as a ring, and others' as dots.
export function strip({ value, low, high }, own, others) {
  const at = (share) => 5 + (WIDE - 10) * share;
  const drawn = svg("svg", { class: "chance strip", viewBox: `0 0 ${WIDE} 18`, width: WIDE, height: 18, "aria-hidden": "true" });
  drawn.append(svg("rect", { class: "track", x: 5, y: 6, width: WIDE - 10, height: 6, rx: 3 }),
    svg("rect", { class: "span", x: at(low), y: 6, width: Math.max(1.5, at(high) - at(low)), height: 6, rx: 3 }),
    svg("rect", { class: "at", x: at(value) - 1.5, y: 3, width: 3, height: 12, rx: 1.5 }),
    ...others.map((each) => svg("circle", { class: "other", cx: at(each), cy: 16, r: 1.8 })));
  if (own !== undefined) drawn.append(svg("circle", { class: "own", cx: at(own), cy: 9, r: 4 }));
  return drawn;
}
