// What people said, judged: first what a person's own numbers turn; or those claims in which somebody's words stand.
import { make, told } from "./draw.js";

const FIRST = 8;
const $ = (name) => document.getElementById(name);
let every = false, judged = [], file = null, dials = new Map(), look = () => {};

const turned = (each) => file?.has(each.name) && file.get(each.name).verdict !== each.verdict;
const before = (each) => (file?.has(each.name) && file.get(each.name).computed !== each.computed ? file.get(each.name).computed : "");

// `plain` has what the file says by name, or is null where that is not known; `find` looks for an argument by its name.
export function showClaims(found, plain, moving, find) {
  judged = found;
  file = plain;
  dials = new Map(moving.map((each) => [each.name.replace(/\.credence$/, ""), each]));
  look = find;
  $("claims-count").textContent = found.length === 1 ? "1 claim, judged" : `${found.length} claims, each judged`;
  $("claims-state").textContent = "Judged for the numbers that you hold; each claim has its own act. Below it: who said it (as the file names them), what was meant, and what is computed. Tinted: another verdict than the file’s.";
  $("find-claim").closest("label").hidden = found.length <= FIRST;
  draw();
}

function draw() {
  const words = $("find-claim").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = judged.filter((each) => words.every((word) => `${each.says} ${each.who} ${each.verdict}`.toLowerCase().includes(word)));
  const rank = (each) => (turned(each) ? 0 : each.computed ? 1 : 2);
  const shown = words.length || every ? fitting : fitting.toSorted((one, other) => rank(one) - rank(other)).slice(0, FIRST);
  $("all-claims").hidden = shown.length === fitting.length;
  $("all-claims").textContent = `Show all ${judged.length}`;
  $("claims").replaceChildren(...shown.map((each) => make("li", { className: turned(each) ? "tinted" : "" },
    make("span", { className: `verdict ${each.verdict}` }, each.verdict), " ", told(each.says), " ",
    make("span", { className: "quiet" }, told(each.who), each.meant ? `, ${each.meant}` : "", each.computed ? `: ${each.computed}` : "",
      before(each) ? ` (the file: ${before(each)})` : "", ". ", told(each.why), ...turnsOn(each)))));
  if (words.length && !shown.length) $("claims").replaceChildren(make("li", { className: "quiet" }, "No claim has these words."));
}

// What would turn a verdict that depends, each leading to its dial.
function turnsOn(each) {
  const known = each.on.filter((name) => dials.has(name));
  return known.length ? [" It turns on ", ...known.flatMap((name, at) => [at ? ", " : "", make("button", { type: "button", className: "link", onclick: () => look(dials.get(name).name) }, told(name.split(".").at(-1).replaceAll("_", " ")))]), "."] : [];
}

$("find-claim").addEventListener("input", draw);
$("all-claims").addEventListener("click", () => { every = true; draw(); });
