// The answer in sentences, and below each why it is so and what it hangs on: as the file has it, for the act and the luck.
import { ask, Fault, Superseded } from "./ask.js";
import { make, told } from "./draw.js";

const known = new Map(); // by what they are about; the oldest is forgotten first
const quarrelled = new Set(); // what camps have been asked about
const MOST_KNOWN = 40;
let about = "", held = false, asking = "";

const standoffOn = (outcome) => `${outcome} standoff`;
const fill = (below) => {
  const found = known.get(about)?.[below.dataset.outcome];
  if (found === undefined) return;
  const head = (each, at) => (held && at === 0 ? `Before your changes. ${each.head}` : each.head);
  below.replaceChildren(...[...found, ...(known.get(about)?.[standoffOn(below.dataset.outcome)] ?? [])]
    .map((each, at) => make("p", {}, make("strong", {}, head(each, at)), " ", told(each.text))));
};
const fillAll = () => document.querySelectorAll("#moves .below, #still .below").forEach(fill);

// `open` opens a question in the list, where it stands there. A sentence that has the focus keeps it.
export function sentences(answer, open) {
  const here = new Set(answer.rows.map((row) => row.outcome)), moves = document.getElementById("moves"), still = document.getElementById("still");
  const shape = JSON.stringify([answer.headline.map((each) => [each.outcome, each.moves, each.really]), [...here]]);
  if (shape === moves.dataset.shape) { // only numbers differ: nothing else is drawn anew
    const said = new Map(answer.headline.map((each) => [each.outcome, each.said]));
    for (const line of document.querySelectorAll("#moves > li, #still > li")) {
      const now = said.get(line.querySelector(".below").dataset.outcome), strong = line.querySelector(":scope > strong");
      if (strong.textContent !== now) strong.replaceChildren(told(now));
    }
    return;
  }
  const sentence = (each) => {
    const below = make("div", { className: "below", "data-outcome": each.outcome });
    fill(below);
    const asked = here.has(each.outcome) ? make("button", { type: "button", className: "ask inline", title: "See all of it", onclick: () => open(each.outcome) }, told(each.ask)) : told(each.ask);
    return make("li", {}, asked, " ", make("strong", {}, told(each.said)), each.really ? make("span", { className: "quiet" }, " In our history: ", told(each.really), ".") : "", below);
  };
  const focused = document.activeElement?.closest("#moves, #still") && document.activeElement.textContent;
  const quiet = answer.headline.filter((each) => !each.moves);
  moves.dataset.shape = shape;
  moves.replaceChildren(...answer.headline.filter((each) => each.moves).map(sentence));
  document.getElementById("still-title").hidden = !quiet.length;
  still.replaceChildren(...quiet.map(sentence));
  if (focused) [...document.querySelectorAll("#moves .ask, #still .ask")].find((each) => each.textContent === focused)?.focus({ preventScroll: true });
}

// Which act and luck the reasons are about, and whether a person holds more than these.
export function reasonsAbout(wish, version, differs) {
  const now = JSON.stringify([wish.reading, wish.luck, wish.seed, version]);
  if (now === about && differs === held) return; // a dial that moves asks often
  about = now;
  held = differs;
  fillAll();
}

export async function reasons(answer, body) {
  const mine = about, outcomes = answer.headline.map((each) => each.outcome);
  const wanted = mine + outcomes.join();
  if (asking === wanted || outcomes.every((each) => known.get(mine)?.[each] !== undefined)) return;
  asking = wanted;
  try {
    const { gists } = await ask("gists", body({ outcomes, given: "", without: "", settings: {}, fresh: false, glance: false }));
    known.set(mine, { ...known.get(mine), ...Object.fromEntries(outcomes.map((each) => [each, gists[each] ?? []])) });
    if (known.size > MOST_KNOWN) known.delete(known.keys().next().value);
    fillAll();
  } catch (fault) { if (!(fault instanceof Superseded || fault instanceof Fault)) throw fault; } finally { if (asking === wanted) asking = ""; }
}

// Where two camps part on what most claims are about: the last to be asked for, since it takes longest.
export async function quarrels(answer, body) {
  const mine = about, most = answer.headline.toSorted((one, other) => other.claimed - one.claimed)[0];
  if (!most?.claimed || quarrelled.has(mine)) return;
  quarrelled.add(mine);
  try {
    const { standoff } = await ask("standoff", body({ outcome: most.outcome, given: "", without: "", settings: {}, fresh: false, glance: false }));
    known.set(mine, { ...known.get(mine), [standoffOn(most.outcome)]: standoff });
    fillAll();
  } catch (fault) {
    quarrelled.delete(mine);
    if (!(fault instanceof Superseded || fault instanceof Fault)) throw fault;
  }
}
