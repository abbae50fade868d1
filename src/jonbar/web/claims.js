// What people said, judged: first what a person's own numbers turn; or those claims in which somebody's words stand.
import { make, told } from "./draw.js";

const FIRST = 8;
const $ = (name) => document.getElementById(name);
let every = false, judged = [], turned = () => false;

// `file` has the verdicts of the file by name, or is null where they are not known.
export function showClaims(found, file) {
  judged = found;
  turned = (each) => Boolean(file) && file.has(each.name) && file.get(each.name) !== each.verdict;
  $("claims-count").textContent = `${found.length} claims, each judged`;
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
    make("span", { className: "quiet" }, told(each.who), each.meant ? `, ${each.meant}` : "", each.computed ? `: ${each.computed}` : "", ". ", told(each.why)))));
  if (words.length && !shown.length) $("claims").replaceChildren(make("li", { className: "quiet" }, "No claim has these words."));
}

$("find-claim").addEventListener("input", draw);
$("all-claims").addEventListener("click", () => { every = true; draw(); });
