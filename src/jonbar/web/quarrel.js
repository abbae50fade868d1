// What is asked for by hand: two camps and what parts them, how inevitable an outcome looked, the commonest histories
// as a tree, and one quantity in both timelines.
import { ask, Superseded } from "./ask.js";
import { make, told } from "./draw.js";
import { enlarge, picture } from "./picture.js";

const $ = (name) => document.getElementById(name);
const bar = (label) => {
  const share = make("progress", { max: 1, "aria-label": label }), said = make("span", {}, `${label} …`);
  return { shown: make("p", { className: "waiting" }, share, " ", said), at: (part) => { share.value = part; } };
};

export function quarrel(scene, body) {
  const some = scene.camps.length > 1;
  $("quarrel").hidden = !some;
  if (!some) return;
  for (const [at, name] of ["one-camp", "other-camp"].entries()) {
    $(name).replaceChildren(...scene.camps.map((each) => make("option", { value: each.name, title: each.says }, each.name.replaceAll("_", " "))));
    $(name).selectedIndex = at;
    $(name).onchange = clear;
  }
  $("quarrel-about").onchange = clear;
  $("find-crux").onclick = () => settle(body);
  clear();
}

let offered = "";
export function quarrelAbout(answer) {
  const now = answer.rows.map((row) => row.outcome).join();
  if (now === offered) return;
  offered = now;
  const before = $("quarrel-about").value;
  const label = (row) => row.outcome.split("\x1f")[1], choice = (row) => row.suppose && !["yes"].includes(label(row));
  const asked = new Map(answer.rows.filter((row) => row.outcome && row.first).map((row) => [row.outcome, row]));
  const first = answer.headline.toSorted((one, other) => other.claimed - one.claimed)[0]?.outcome; // what most claims are about
  $("quarrel-about").replaceChildren(...[...asked].map(([outcome, row]) =>
    make("option", { value: outcome }, `${row.ask}${choice(row) ? ` ${label(row).replaceAll("_", " ")}` : ""}`)));
  $("quarrel-about").value = asked.has(before) ? before : asked.has(first) ? first : asked.keys().next().value ?? "";
}

function clear() { $("crux").replaceChildren(); }

async function settle(body) {
  const wait = bar("Going over, one difference at a time");
  $("crux").replaceChildren(wait.shown);
  const wish = body({ outcome: $("quarrel-about").value, one: $("one-camp").value, other: $("other-camp").value, given: "", without: "", settings: {} });
  try {
    const found = await ask("crux", wish, { onWait: wait.at });
    $("crux").replaceChildren(...words(found));
  } catch (fault) { if (!(fault instanceof Superseded)) $("crux").replaceChildren(make("p", { className: "refused" }, fault.message)); }
}

function words(found) {
  const camp = (each) => make("li", {}, make("strong", {}, told(each.name.replaceAll("_", " ")), ` ${each.answer}`), " ",
    make("span", { className: "quiet" }, told(each.says), found.oneReading ? "" : " It means: ", found.oneReading ? "" : told(each.means)));
  const name = (at) => told(found.camps[at].name.replaceAll("_", " "));
  const share = (each) => make("li", {}, make("strong", {}, each.part), ` ± ${each.error} `, told(each.ask), " ", make("span", { className: "quiet" }, told(each.note)), " ",
    make("span", { className: "quiet" }, name(0), ": ", told(each.one), "; ", name(1), ": ", told(each.other), ". "), make("code", {}, each.name));
  const parts = [make("p", { className: "asked" }, told(found.ask)), make("ul", { className: "plain-list" }, ...found.camps.map(camp)), make("p", {}, make("strong", {}, found.gap))];
  if (found.refused) return [...parts, make("p", { className: "refused" }, `No shares are given. ${found.refused}`), make("p", { className: "note" }, found.method)];
  parts.push(make("h3", {}, "What parts them, and how much of the gap it is"), make("ul", { className: "plain-list" }, ...found.shares.map(share)));
  if (found.together.length) parts.push(make("h3", {}, "Together, beyond what each does alone"), make("ul", { className: "plain-list" }, ...found.together.map((each) => make("li", {}, told(each)))));
  if (found.rest) parts.push(make("p", { className: "note" }, "Less than 1%, or no more than chance: ", told(found.rest), "."));
  if (found.idle) parts.push(make("p", { className: "note" }, "They differ on these too, which do not bear on it: ", told(found.idle), "."));
  parts.push(make("p", {}, make("button", { type: "button", onclick: () => enlarge(found.picture, `What parts two camps: ${found.ask}`) }, "As a picture")),
    make("p", { className: "note" }, found.method));
  return parts;
}

// Folded until somebody wants it: a curve follows history from day to day.
export function curves(outcome, body) {
  const inside = make("div", {});
  const fold = make("details", { className: "curves", ontoggle: () => { if (fold.open && !inside.childElementCount) draw(); } },
    make("summary", {}, "How inevitable it looked, date by date"), inside);
  async function draw() {
    const wait = bar("Following history from day to day; the first time takes a while");
    inside.replaceChildren(wait.shown);
    try {
      const found = await ask("curves", body({ outcome, given: "", without: "", settings: {} }), { onWait: wait.at });
      inside.replaceChildren(picture(found.picture, "How inevitable it looked"), ...found.said.map((each) => make("p", { className: "note" }, told(each))),
        make("p", { className: "note" }, found.method, " As the file has it."), ...found.warnings.map((each) => make("p", { className: "warning" }, told(each))));
    } catch (fault) {
      inside.replaceChildren();
      if (fault instanceof Superseded) fold.open = false; else inside.append(make("p", { className: "refused" }, fault.message));
    }
  }
  return fold;
}

const whose = (found) => (found.fresh ? "For your numbers, from history run anew." : "As the file has it.");

export function tree(body) {
  const place = $("tree");
  place.replaceChildren(make("button", { type: "button", id: "find-tree", onclick: draw }, "The commonest histories, as a tree"));
  async function draw() {
    const wait = bar("Counting which answers come together");
    place.replaceChildren(wait.shown);
    try {
      const found = await ask("branching", body(), { onWait: wait.at });
      place.replaceChildren(picture(found.picture, "The commonest histories"), make("p", { className: "note" }, whose(found)));
    } catch (fault) { if (!(fault instanceof Superseded)) place.replaceChildren(make("p", { className: "refused" }, fault.message)); else tree(body); }
  }
}

// Unfolded, it follows what is held: a new answer draws it anew.
export async function series(body) {
  const fold = $("series");
  fold.ontoggle = () => { if (fold.open) series(body); };
  $("which-series").onchange = () => series(body);
  if (!fold.open) return;
  try {
    const found = await ask("series", body({ name: $("which-series").value }));
    $("which-series").replaceChildren(...found.names.map(([name, said]) => make("option", { value: name }, said)));
    $("which-series").value = found.name;
    $("drawn-series").replaceChildren(...(found.picture ? [picture(found.picture, "A quantity in both timelines"), make("p", { className: "note" }, whose(found))] : []));
  } catch (fault) { if (!(fault instanceof Superseded)) $("drawn-series").replaceChildren(make("p", { className: "refused" }, fault.message)); }
}
