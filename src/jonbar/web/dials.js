// A dial stands for a range half as wide as the file's; without it, its argument is out of both histories.
import { make, told } from "./draw.js";

export function dialOf(each, number, wish, { update, marks }) {
  const id = `dial-${number}`;
  const output = make("output", { htmlFor: id });
  const input = make("input", { type: "range", id, min: 0, max: each.positions.length - 1, step: 1 });
  const back = make("button", { type: "button", "aria-label": `Undo: ${each.name}`, className: "undo" }, "Undo");
  const out = each.push ? make("input", { type: "checkbox", checked: wish.without === each.name, "data-push": each.name }) : null;
  const name = make("code", {}, each.name);
  const box = make("div", { className: "dial" }, make("label", { htmlFor: id }, make("span", { className: "what" }, told(each.title)),
    each.about ? make("span", { className: "about" }, told(each.about)) : null, each.note ? make("span", { className: "reason" }, told(each.note)) : null), input, make("div", { className: "line" }, output, back),
    make("div", { className: "line" }, out ? make("label", {}, out, "without it") : null, name),
    each.anew ? make("p", { className: "note" }, each.anew) : null,
    each.sources.length ? make("details", {}, make("summary", {}, each.sources.length === 1 ? "1 source" : `${each.sources.length} sources`),
      make("ul", {}, ...each.sources.map((source) => make("li", {}, told(source))))) : null);
  const set = () => {
    const held = wish.settings[each.name], at = each.positions.indexOf(held);
    input.value = at < 0 ? each.start : at;
    const said = `${each.times}${held === undefined ? each.file : each.said[at] ?? held} ${each.unit}`.trim();
    output.textContent = held === undefined ? `${said} (the file)` : said;
    input.setAttribute("aria-valuetext", output.textContent);
    box.classList.toggle("moved", Boolean(held));
    back.hidden = !held;
  };
  input.addEventListener("input", () => { wish.settings[each.name] = each.positions[input.value]; set(); update(); });
  back.addEventListener("click", () => { delete wish.settings[each.name]; set(); input.focus(); update(); });
  out?.addEventListener("change", () => { wish.without = out.checked ? each.name : ""; marks(); update(); });
  set();
  return box;
}
