// A reader's own chances, before the page shows any answer. They stay in this tab until the reader saves them.
import { ask } from "./ask.js";
import { make, strip, told } from "./draw.js";

const $ = (name) => document.getElementById(name);
const MOST_READERS = 200, MOST_BYTES = 100_000;
const percent = (share) => `${Math.round(100 * share)}%`;
const plain = (outcome) => outcome.replace(/\x1fyes$/, "").replace("\x1f", " is ");
let scene = null, all = { readers: [], now: { name: "", entries: {} }, done: {} }, wish = null, begin = null;

const key = () => `jonbar ${scene.digest}`;
const keep = () => { try { sessionStorage.setItem(key(), JSON.stringify(all)); } catch { /* a tab that keeps nothing still works */ } };
const mine = () => (all.now.entries[wish.reading] ??= {});
const questions = () => scene.entered[wish.reading] ?? [];

// Resolves once the reader has committed for the act that is chosen, or has done so before.
export function committed(found, held) {
  scene = found;
  wish = held;
  try { all = JSON.parse(sessionStorage.getItem(key())) ?? all; } catch { /* begin anew */ }
  if (Object.keys(all.done).length || !questions().length) return Promise.resolve(false);
  document.body.classList.add("blind");
  return new Promise((resolve) => { begin = () => { begin = null; document.body.classList.remove("blind"); resolve(true); }; form(); });
}

export const waiting = () => Boolean(begin);

export function form() {
  const list = questions().map(entry), count = make("span", { className: "quiet", role: "status" });
  const commit = make("button", { type: "submit", className: "commit" }, "Commit, and see what the model says");
  const tell = () => {
    const given = Object.keys(mine()).length;
    count.textContent = `${given} of ${list.length} answered.${given && given < list.length ? " You may leave some out." : ""}`;
    commit.disabled = !given;
  };
  const name = make("input", { type: "text", maxLength: 60, autocomplete: "off", value: all.now.name, oninput: () => { all.now.name = name.value; keep(); } });
  $("entry").replaceChildren(make("h2", {}, "First, what do you think?"), make("p", { className: "change" }, told(scene.readings.find((each) => each.name === wish.reading).says)),
    make("p", {}, "How likely is each of these, in the history that follows? The page shows what the model says once you have committed. What you enter stays in this tab; nothing is sent anywhere."),
    make("form", { onsubmit: (event) => { event.preventDefault(); all.done[wish.reading] = true; keep(); begin?.(); }, oninput: tell },
      ...list, make("p", {}, make("label", {}, "A name or a mark, if you like ", name)), make("p", { className: "buttons" }, commit, count)));
  if (!list.length) { begin?.(); return; }
  tell();
}

function entry(each, number) {
  const id = `enter-${number}`, held = () => mine()[each.outcome];
  const slider = make("input", { type: "range", id, min: 0, max: 100, step: 1, "aria-describedby": `${id}-said` });
  const typed = make("input", { type: "number", min: 0, max: 100, step: 1, "aria-label": `In percent: ${each.ask}`, placeholder: "–" });
  const said = make("output", { htmlFor: id, id: `${id}-said` });
  const show = (from) => {
    const share = held();
    if (from !== slider) slider.value = share === undefined ? 50 : 100 * share;
    if (from !== typed) typed.value = share === undefined ? "" : Math.round(100 * share);
    slider.classList.toggle("untouched", share === undefined);
    said.textContent = share === undefined ? "not answered yet" : percent(share);
    slider.setAttribute("aria-valuetext", said.textContent);
  };
  slider.addEventListener("input", () => { mine()[each.outcome] = slider.value / 100; keep(); show(slider); });
  typed.addEventListener("input", () => {
    if (typed.value === "" || !typed.validity.valid) delete mine()[each.outcome]; else mine()[each.outcome] = typed.value / 100;
    keep(); show(typed);
  });
  show();
  return make("div", { className: "entry" }, make("label", { htmlFor: id }, told(each.ask), make("span", { className: "quiet" }, each.by ? ` How likely is it to happen by ${each.when}?` : ` ${each.when}.`,
    each.really ? " In our history: " : "", told(each.really), each.really ? "." : "")), make("div", { className: "line" }, "never", slider, "surely", typed, "%", said));
}

// What was entered beside what the model says; nothing where nothing was entered for this act.
export async function compared(body) {
  if (!scene || !all.done[wish.reading]) { $("compared").hidden = true; return; }
  const found = await ask("compare", body({ given: "", without: "", settings: {}, outcomes: questions().map((each) => each.outcome) }));
  show(new Map(found.answers.map((each) => [each.outcome, each])));
}

function show(answers) {
  const others = (outcome) => all.readers.map((each) => each.entries[wish.reading]?.[outcome]).filter((each) => each !== undefined).sort((one, other) => one - other);
  const rows = questions().map((each) => {
    const own = mine()[each.outcome], model = answers.get(each.outcome), panel = others(each.outcome);
    const said = own === undefined ? "no answer" : percent(own);
    const where = own === undefined || !model ? "" : own < model.low - 0.005 ? "below its range" : own > model.high + 0.005 ? "above its range" : "within its range";
    return make("tr", {}, make("th", { scope: "row" }, told(each.ask), each.by ? ` By ${each.when}.` : ""), make("td", { className: "really" }, told(each.really)), make("td", { className: "own" }, said, make("span", { className: "file" }, where)),
      make("td", { className: "here" }, model ? model.said : "no number", make("span", { className: "file" }, model ? `nine in ten ${model.range}` : "")),
      make("td", {}, model ? strip(model, own, panel) : null, panel.length ? make("span", { className: "file" }, `${panel.length} others: ${percent(panel[0])} to ${percent(panel.at(-1))}, middle ${percent(panel[Math.floor(panel.length / 2)])}`) : null));
  });
  const load = make("input", { type: "file", accept: ".json,application/json", multiple: true, onchange: async () => { await add([...load.files]); show(answers); } });
  const trouble = make("p", { className: "warning", id: "entered-trouble", hidden: true });
  $("compared").hidden = false;
  $("compared").replaceChildren(make("h3", {}, "What you said, and what the model says"),
    make("div", { className: "frame", tabIndex: 0, role: "group", "aria-label": "Your chances and the model’s" }, make("table", { className: "timeline" },
      make("thead", {}, make("tr", {}, ...["Question", "What happened", "You", "The model"].map((each) => make("th", { scope: "col" }, each)), make("th", { scope: "col" }, "From never to surely"))),
      make("tbody", {}, ...rows))),
    make("p", { className: "note" }, "Band: where nine in ten ways of filling in what nobody knows put it; line: the model’s answer; ring: yours; dots: others’. There is no score. Nobody knows what would have happened, so neither you nor the model can be marked right or wrong; where you differ, look at the arguments and see which of them you would move."),
    make("p", { className: "buttons" }, make("button", { type: "button", id: "save-entered", onclick: () => save("json", JSON.stringify(file(), null, 1)) }, "Save what you said"),
      make("button", { type: "button", onclick: () => save("csv", table(answers)) }, "As a table (CSV)"),
      make("button", { type: "button", onclick: next }, "Another reader"), make("label", { className: "file-label" }, "Lay others’ files beside ", load)), trouble);
}

function next() {
  if (all.readers.length < MOST_READERS) all.readers.push(all.now);
  all.now = { name: "", entries: {} };
  all.done = {};
  keep();
  location.reload();
}

const file = () => ({ format: "jonbar-entries", version: 1, scenario: scene.name, digest: scene.digest, name: all.now.name, entries: all.now.entries });
const cell = (text) => `"${String(text).replace(/^[=+\-@\t\r]/, "'$&").replaceAll('"', '""')}"`;
const table = (answers) => ["act,outcome,question,happened,you,model,low,high", ...questions().map((each) => {
  const model = answers.get(each.outcome), own = mine()[each.outcome];
  return [cell(wish.reading), cell(plain(each.outcome)), cell(each.ask), cell(each.really), own ?? "", model?.value ?? "", model?.low ?? "", model?.high ?? ""].join(",");
})].join("\r\n");

function save(kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: kind === "json" ? "application/json" : "text/csv" }));
  make("a", { href: address, download: `${scene.name}-entered.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

async function add(files) {
  const wrong = [];
  for (const each of files) {
    const read = each.size <= MOST_BYTES ? taken(await each.text()) : null;
    if (read && all.readers.length < MOST_READERS) all.readers.push(read); else wrong.push(each.name);
  }
  keep();
  setTimeout(() => { $("entered-trouble").hidden = !wrong.length; $("entered-trouble").textContent = `Not taken, for they hold no chances of this scenario: ${wrong.join(", ")}.`; });
}

function taken(text) {
  let read;
  try { read = JSON.parse(text); } catch { return null; }
  if (read?.format !== "jonbar-entries" || read.scenario !== scene.name || typeof read.entries !== "object" || !read.entries) return null;
  const entries = {};
  for (const [act, asked] of Object.entries(scene.entered)) {
    for (const { outcome } of asked) {
      const share = read.entries[act]?.[outcome];
      if (typeof share === "number" && share >= 0 && share <= 1) (entries[act] ??= {})[outcome] = share;
    }
  }
  return Object.keys(entries).length ? { name: String(read.name ?? "").slice(0, 60), entries } : null;
}
