// What a person holds, and the page that shows what follows. The address carries it all after the #.
import { ask, Fault, news, pause, Superseded } from "./ask.js";
import { committed, compared, form, waiting as entering } from "./blind.js";
import { dialOf } from "./dials.js";
import { folds, unfold } from "./folds.js";
import { make, rows as drawRows, told, why as drawWhy } from "./draw.js";
import { quarrels, reasons, reasonsAbout, sentences } from "./headline.js";
import { picture } from "./picture.js";
import { showClaims } from "./claims.js";
import { curves, quarrel, quarrelAbout, series, tree } from "./quarrel.js";

const $ = (name) => document.getElementById(name);
const LUCKS = ["keep", "16 years", "8 years", "4 years", "2 years", "1 year", "6 months", "re-roll"];
const FIRST = 14;
const wish = { reading: "", luck: "", seed: null, given: "", without: "", settings: {} };
let scene = null, telling = 0, shownDials = FIRST, opened = null, plainClaims = null, touched = false;

const read = () => {
  const from = new URLSearchParams(location.hash.slice(1));
  wish.reading = from.get("reading") ?? wish.reading;
  wish.luck = from.get("luck") ?? "";
  if (/^\d{1,16}$/.test(from.get("seed") ?? "")) wish.seed = Number(from.get("seed"));
  wish.given = from.get("given") ?? "";
  wish.without = from.get("without") ?? "";
  wish.settings = Object.fromEntries(from.getAll("set").map((each) => each.split("=")).filter((each) => each.length === 2));
};
const write = () => {
  const to = new URLSearchParams();
  for (const name of ["reading", "luck", "given", "without"]) if (wish[name]) to.set(name, wish[name]);
  if (wish.seed !== scene.seed) to.set("seed", wish.seed);
  for (const [name, value] of Object.entries(wish.settings)) to.append("set", `${name}=${value}`);
  history.replaceState(null, "", `#${to}`);
};
// A browser takes only so many addresses a second.
let written = 0, unwritten = 0;
const writeSoon = () => {
  clearTimeout(unwritten);
  if (performance.now() - written > 300) { written = performance.now(); write(); } else unwritten = setTimeout(writeSoon, 300);
};
const held = () => Boolean(wish.given || wish.without || Object.keys(wish.settings).length);
const moved = () => Boolean(wish.luck || wish.given || wish.without || Object.keys(wish.settings).length || wish.seed !== scene.seed);
const body = (more = {}) => ({ ...wish, seed: wish.seed ?? undefined, ...more });

const say = (fault) => {
  $("trouble").hidden = !fault;
  $("trouble").replaceChildren(...(typeof fault === "string" ? [fault] : fault ?? []));
};
const wait = (text) => (share) => { $("progress").hidden = false; $("share").value = share; $("doing").textContent = text; };
const done = () => { $("progress").hidden = true; };

// A slider asks again while it moves: as soon as one answer is there, the newest wish is sent. Where too few draws are
// left, history is run anew: at once for a camp, and after a rest for a dial that is still moving.
let asked = 0, again = false, slow = 0, rest = 900; // `asked`: since when an answer is on its way; 0 where none is
const PATIENT = 1000; // milliseconds: what takes longer is no weighing, and the newest wish does not wait for it
async function update({ fresh = false, atOnce = false, glance = false } = {}) {
  if (!fresh) rest = atOnce ? 0 : 900;
  clearTimeout(slow);
  if (asked && !fresh && performance.now() - asked < PATIENT) { again = true; return; }
  writeSoon();
  header();
  const wanted = about();
  stale();
  const mine = asked = performance.now(), numbers = Object.keys(wish.settings).length;
  let whole = false;
  again = false;
  try {
    const answer = await ask("answer", body({ fresh, glance, find: $("look").value }), { onWait: wait(fresh ? "Running history anew for these numbers" : "Running history") });
    say(null);
    show(answer, answer.fresh, numbers);
    shownFor = wanted;
    stale();
    if (answer.few && !answer.fresh) slow = setTimeout(() => update({ fresh: true, glance: true }), rest);
    whole = answer.glance && !again;
  } catch (fault) {
    if (fault instanceof Superseded && asked !== mine) return; // the newer wish sees to the rest
    if (fault instanceof Fault) say(fault.message); else if (!(fault instanceof Superseded)) throw fault;
  } finally {
    if (asked === mine) { asked = 0; done(); }
  }
  if (again) update({ atOnce: !rest }); else if (whole) await update({ fresh });
}

// What an answer is about besides the numbers that are held: an answer to another act is greyed out until the new one is there.
const about = () => JSON.stringify([wish.reading, wish.luck, wish.seed, wish.given, wish.without]);
let shownFor = "", foundFor = "";
let cameFrom = null; // the question that a sentence of the answer opened
const returnTo = (outcome) => { const sentence = document.querySelector(`#first [data-outcome="${CSS.escape(outcome)}"]`)?.closest("li"); sentence?.scrollIntoView({ block: "start" }); sentence?.querySelector(".ask")?.focus({ preventScroll: true }); };
const stale = () => document.querySelector(".columns").classList.toggle("stale", shownFor !== "" && shownFor !== about());

function show(answer, fresh, numbers) {
  drawRows($("rows"), answer, opened, toggle);
  quarrelAbout(answer);
  sentences(answer, (key) => { cameFrom = key; unfold($("rows")); if (opened !== key) toggle(key); row(key).scrollIntoView({ block: "start", behavior: "smooth" }); row(key).querySelector(".ask")?.focus({ preventScroll: true }); });
  const left = Math.round(answer.effective).toLocaleString("en");
  const all = answer.draws.toLocaleString("en");
  $("state").classList.toggle("few", answer.few);
  $("state").textContent = answer.few && !answer.effective ? "No draws can be weighed for one of your numbers. History is run anew."
    : answer.few ? `Only ${left} draws in effect are left for your numbers: too few. History is run anew.`
    : answer.glance ? `A first look, from ${all} draws; the whole is on its way.` + (numbers ? " Tinted: what differs from the file." : "")
    : fresh ? `History was run anew for your numbers: ${left} of ${all} draws in effect. Tinted: what differs from the file.`
    : numbers ? `Weighed anew for your numbers: ${left} of ${all} draws in effect. Tinted: what differs from the file.`
    : `${all} draws of what nobody knows, each run with history’s luck: ${$("luck-said").textContent.replace(" (the file)", "")}.` + (moved() ? " Tinted: what differs from the file." : "");
  const looked = $("look").value.trim(), many = answer.rows.filter((each) => each.first).length;
  $("rest").textContent = looked ? (many ? `${many} ${many === 1 ? "question has" : "questions have"} these words.` : "No question has these words.") : `Of the other questions, ${answer.less} changed less and ${answer.same} ${answer.same === 1 ? "is as it was" : "are as they were"}.` + answer.warnings.map((each) => ` ${each}`).join("");
  const only = looked && many === 1 && looked !== foundFor ? answer.rows.find((each) => each.first && each.outcome) : null;
  foundFor = looked;
  if (only && opened !== only.outcome) toggle(only.outcome); // who looks for one question wants to know why
  if (!answer.glance) { reasons(answer, body); later(answer, fresh); }
}

// What follows an answer waits for a dial to rest, and with the first one for nothing.
let waiting = 0, resting = 0;
function later(answer, fresh) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { if (asked) return; claims(fresh).then(() => quarrels(answer, body)); tell(); series(body); tree(body); }, resting);
  resting = 300;
}
async function claims(fresh) {
  if (!scene.claims) { $("claims-state").textContent = "The scenario holds no claims."; return; }
  try {
    const found = (await ask("claims", body({ fresh, given: "", without: "" }), { onWait: () => { $("claims-state").textContent = "Judging the claims …"; } })).claims;
    if (!Object.keys(wish.settings).length) plainClaims = new Map(found.map((each) => [each.name, each]));
    showClaims(found, plainClaims, scene.dials, lookFor);
  } catch (fault) { if (!(fault instanceof Superseded)) $("claims-state").textContent = fault.message; }
}
async function tell() {
  try {
    const found = await ask("telling", body({ telling }));
    $("telling-number").textContent = `telling ${found.number}`;
    $("telling").replaceChildren(...found.entries.map((each) => make("li", {}, make("span", { className: "quiet" }, `${each.when} `), told(each.ask), " ",
      make("strong", {}, told(each.here)), ".", each.really ? make("span", { className: "quiet" }, " In our history: ", told(each.really), ".") : "")),
    make("li", { className: "quiet" }, `${found.more} other lines differ.`));
  } catch (fault) { if (!(fault instanceof Superseded)) $("telling").replaceChildren(make("li", {}, fault.message)); }
}

const row = (key) => $("rows").querySelector(`tr[data-key="${CSS.escape(key)}"]`);
async function toggle(key) {
  const line = row(key), button = line.querySelector(".ask");
  const before = $("rows").querySelector("tr.why");
  const same = before && opened === key;
  before?.remove();
  if (opened) row(opened)?.querySelector(".ask")?.setAttribute("aria-expanded", "false");
  opened = same ? null : key;
  if (same) return;
  button.setAttribute("aria-expanded", "true");
  const cell = make("td", { colSpan: 5 }), panel = make("tr", { className: "why" }, cell);
  const conditions = JSON.parse(line.dataset.suppose);
  const suppose = conditions?.map((each) => ({ said: each.includes(" is ") ? each.slice(each.indexOf(" is ")).replaceAll("_", " ") : each.startsWith("not ") ? "is not so" : "is so",
    given: each, pressed: wish.given === each, act: () => { wish.given = wish.given === each ? "" : each; update(); } }));
  const takeOut = (push) => { wish.without = push; marks(); update(); };
  const more = conditions ? [curves(key, body)] : [];
  const back = cameFrom === key ? [make("button", { type: "button", className: "link", onclick: () => returnTo(key) }, "Back to the answer")] : [];
  cell.replaceChildren(...back, ...drawWhy(null, suppose, takeOut, wish.without), ...more);
  let last = line; // of the question's states
  while (last.nextElementSibling && !last.nextElementSibling.classList.contains("first")) last = last.nextElementSibling;
  last.after(panel);
  try {
    const found = await ask("why", body({ outcome: key, given: "", without: "", settings: {} }), { onWait: wait("Taking out arguments, one by one") });
    const leads = make("details", { className: "curves" }, make("summary", {}, "What leads to it, as a picture"), picture(found.picture, `What leads to: ${found.ask}`));
    cell.replaceChildren(...back, ...drawWhy(found, suppose, takeOut, wish.without, held()), leads, ...more);
    if (line.getBoundingClientRect().top > 0.4 * innerHeight && panel.getBoundingClientRect().bottom > innerHeight) line.scrollIntoView(); // else it opens out of sight
  } catch (fault) { if (!(fault instanceof Superseded)) cell.replaceChildren(make("p", {}, fault.message)); } finally { done(); }
}

function header() {
  const reading = scene.readings.find((each) => each.name === wish.reading);
  $("says").replaceChildren(told(reading.says));
  $("does").replaceChildren(...reading.do.map((each) => make("li", {}, told(each.ask), " ", make("strong", {}, told(each.said)), each.really ? make("span", { className: "quiet" }, " (really: ", told(each.really), ")") : " (as it was)")));
  $("reading").value = wish.reading;
  $("seed").value = wish.seed;
  const same = (each) => JSON.stringify(Object.entries(each.settings).sort()) === JSON.stringify(Object.entries(wish.settings).sort());
  $("camp").value = scene.camps.find(same)?.name ?? "";
  const dial = wish.luck || reading.luck, at = LUCKS.indexOf(dial);
  $("luck").value = at < 0 ? 3 : at;
  const words = { keep: "kept whole", "re-roll": "all re-rolled" };
  $("luck-said").textContent = (words[dial] ?? `half gone after ${dial}`) + (wish.luck ? "" : " (the file)");
  $("luck").setAttribute("aria-valuetext", $("luck-said").textContent);
  $("reset").disabled = !moved();
  $("changed").textContent = moved() ? "(changed)" : "";
  reasonsAbout(wish, scene.version, held());
  for (const each of document.querySelectorAll(".why .file-label")) each.hidden = !held();
  const chip = (kind, text, drop) => make("span", { className: `chip ${kind}` }, told(text), make("button", { type: "button", "aria-label": `Take back: ${text}`, onclick: drop }, "×"));
  for (const each of document.querySelectorAll("[data-given]")) each.setAttribute("aria-pressed", String(each.dataset.given === wish.given));
  $("held").replaceChildren(
    ...(wish.given ? [chip("given", `supposed here: ${wish.given.replaceAll("_", " ")}`, () => { wish.given = ""; update(); })] : []),
    ...(wish.without ? [chip("out", `taken out: ${wish.without.split(".")[1]?.replaceAll("_", " ") ?? wish.without}`, () => { wish.without = ""; marks(); update(); })] : []));
}

// Brings an argument's dial in sight, for who reads its name elsewhere.
function lookFor(name) {
  $("find").value = name;
  dials();
  unfold($("arguments"));
  $("arguments").scrollIntoView({ block: "start" });
  document.querySelector("#dials input[type=range]")?.focus({ preventScroll: true });
}

const marks = () => document.querySelectorAll("input[data-push]").forEach((each) => { each.checked = each.dataset.push === wish.without; });

function dials() {
  const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (each) => `${each.name} ${each.title} ${each.about} ${each.note}`.toLowerCase();
  const fitting = scene.dials.filter((each) => words.every((word) => text(each).includes(word)));
  const first = (each) => each.name in wish.settings || each.name === wish.without;
  const ordered = words.length ? fitting : [...fitting.filter(first), ...fitting.filter((each) => !first(each))];
  $("dials").replaceChildren(...ordered.slice(0, shownDials).map((each, at) => dialOf(each, at, wish, { update, marks })));
  $("more").hidden = ordered.length <= shownDials;
  $("more").textContent = `Show more (${ordered.length - shownDials} of ${ordered.length} are folded)`;
}

function faults(found) {
  if (!found.length) return null;
  return [make("strong", {}, "The file has faults; what you see is its last good state."), ...found.map((each) =>
    make("div", {}, make("p", {}, `${each.line ? `Line ${each.line}: ` : ""}${each.code} `, told(each.message), each.suggestion ? ` ${{ write: "Write", add: "Add", do: "Do this" }[each.remedy]}: ${each.suggestion}` : ""),
      ...(each.snippet ? [make("pre", {}, each.snippet)] : [])))];
}

// First what needs no history: the act, the questions and what happened. Then the answers, then the order of the dials.
async function begin() {
  scene = await ask("scene", body(), { onWait: wait("Reading the file") });
  document.title = `${scene.title} · Jonbar`;
  $("title").replaceChildren(told(scene.title));
  if (!scene.readings.some((each) => each.name === wish.reading)) wish.reading = scene.readings[0].name;
  wish.seed ??= scene.seed;
  const known = new Set(scene.dials.map((each) => each.name));
  wish.settings = Object.fromEntries(Object.entries(wish.settings).filter(([name]) => known.has(name)));
  const groups = scene.readings.reduce((map, each) => map.set(each.group, [...(map.get(each.group) ?? []), each]), new Map());
  const options = (some) => some.map((each) => make("option", { value: each.name }, each.says));
  $("reading").replaceChildren(...[...groups].flatMap(([group, some]) => (some.length > 1 ? [make("optgroup", { label: group }, ...options(some))] : options(some))));
  $("series").hidden = !scene.quantities;
  $("camp-label").hidden = !scene.camps.length;
  $("camp").replaceChildren(make("option", { value: "" }, "as the file has them"), ...scene.camps.map((each) => make("option", { value: each.name }, each.says ? `${each.name}: ${each.says}` : each.name)));
  say(faults(scene.faults));
  header();
  $("state").textContent = "Working out what follows …";
  if (await committed(scene, wish)) $("timelines").focus();
  if (!$("rows").childElementCount) drawRows($("rows"), scene, opened, toggle);
  sort(scene.order);
  dials();
  quarrel(scene, body);
  await update({ glance: true });
  if (scene.faults.length) say(faults(scene.faults));
  await Promise.all([compared(body), warm()]);
}

function sort(order) {
  const place = new Map(order.map((name, at) => [name, at]));
  const rank = (each) => (each.beside.length ? 0.5 + Math.min(...each.beside.map((name) => place.get(name) ?? 1e6)) : place.get(each.name) ?? 1e6);
  if (order.length) scene.dials.sort((one, other) => rank(one) - rank(other));
}

// Has the draws at hand that a dial weighs, before anybody moves one; dials that nobody has touched are put in order.
async function warm() {
  const outcomes = [...$("rows").querySelectorAll("tr[data-suppose]")].map((each) => each.dataset.key).filter((each) => each.includes("\x1f"));
  try {
    const { order } = await ask("order", body({ given: "", without: "", settings: {}, outcomes: outcomes.slice(0, 400) }));
    if (touched) return;
    sort(order);
    dials();
  } catch (fault) { if (!(fault instanceof Superseded)) throw fault; }
}

$("reading").addEventListener("change", () => {
  wish.reading = $("reading").value;
  wish.luck = "";
  if (entering()) { header(); form(); return; }
  update().then(warm).then(() => compared(body));
});
$("camp").addEventListener("change", () => {
  const camp = scene.camps.find((each) => each.name === $("camp").value);
  wish.settings = camp ? { ...camp.settings } : {};
  if (camp?.reads) wish.reading = camp.reads;
  dials();
  update({ atOnce: true });
});
for (const kind of ["focusin", "pointerdown"]) $("dials").addEventListener(kind, () => { touched = true; });
$("luck").addEventListener("input", () => { wish.luck = LUCKS[$("luck").value]; header(); clearTimeout(slow); slow = setTimeout(() => update().then(warm), 250); });
$("seed").addEventListener("change", () => { if (/^\d{1,15}$/.test($("seed").value)) { wish.seed = Number($("seed").value); update(); } });
$("find").addEventListener("input", () => { shownDials = FIRST; dials(); });
$("look").addEventListener("input", () => {
  const looking = Boolean($("look").value.trim());
  $("timelines").classList.toggle("finding", looking);
  if (looking) unfold($("rows"));
  clearTimeout(slow); slow = setTimeout(() => update(), 150);
});
$("more").addEventListener("click", () => { shownDials += 30; dials(); });
$("another").addEventListener("click", () => { telling += 1; tell(); });
$("reset").addEventListener("click", () => {
  Object.assign(wish, { luck: "", seed: scene.seed, given: "", without: "", settings: {} });
  dials();
  update();
});
const download = (found, type) => {
  const address = URL.createObjectURL(new Blob([found.text], { type }));
  make("a", { href: address, download: found.file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
};
$("report").addEventListener("click", async () => {
  $("report").disabled = true;
  try {
    const found = await ask("report", body({ given: "", without: "" }), { onWait: wait("Making a report to send") });
    download(found, "text/html");
    $("state").textContent = `Saved as ${found.file}: one file that needs no network, for the act, the luck and the numbers that you hold.`;
  } catch (fault) { if (!(fault instanceof Superseded)) say(fault.message); } finally { $("report").disabled = false; done(); }
});
$("link").addEventListener("click", async () => {
  write();
  try { await navigator.clipboard.writeText(location.href); $("state").textContent = "The link is copied. It carries your changes; it opens while this page's server runs."; }
  catch { $("state").textContent = `Copy the address of this page: ${location.href}`; }
});
$("save").addEventListener("click", async () => {
  try {
    const found = await ask("overlay", body());
    download(found, "text/yaml");
    $("state").textContent = `Saved as ${found.file}: it extends the file and holds only what you changed.`;
  } catch (fault) { if (!(fault instanceof Superseded)) say(fault.message); }
});
for (const each of document.querySelectorAll(".jump button")) each.addEventListener("click", () => { unfold($(each.dataset.to)); $(each.dataset.to).scrollIntoView(); $(each.dataset.to).focus({ preventScroll: true }); });
addEventListener("hashchange", () => { read(); if (scene) { if (!scene.readings.some((each) => each.name === wish.reading)) wish.reading = scene.readings[0].name; wish.seed ??= scene.seed; dials(); update(); } });

// Begins until it has begun: a server may be slow to come, or gone.
async function settle() {
  for (;;) {
    try { await begin(); return; } catch (fault) {
      if (fault instanceof Superseded) continue;
      if (!(fault instanceof Fault)) throw fault;
      say(fault.message);
      done();
      await pause(3000);
    }
  }
}

folds();
read();
await settle();
for await (const found of news(scene.version)) {
  if (found.faults.length) { say(faults(found.faults)); scene.version = found.version; }
  else { $("rows").replaceChildren(); opened = null; plainClaims = null; await settle(); }
}
say("The server has stopped. What you see is its last answer.");
