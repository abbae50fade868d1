// A picture of the server's in the page: its own style and names stay inside it, and it can be looked at larger.
import { make } from "./draw.js";

const NARROW = 620; // pixels, below which the narrow drawing is shown

export function picture(found, says) {
  const larger = make("button", { type: "button", className: "link larger", onclick: () => enlarge(found, says) }, "Larger");
  const shown = make("figure", { className: "picture" }, larger);
  const place = (narrow) => { shown.querySelector(".frame")?.remove(); shown.prepend(framed(found, narrow)); };
  place(false);
  if (found.narrow) {
    let narrow = false;
    new ResizeObserver(([{ contentRect }]) => {
      const now = contentRect.width > 0 && contentRect.width < NARROW;
      if (now !== narrow) place(narrow = now);
    }).observe(shown);
  }
  return shown;
}

export function enlarge(found, says) {
  const close = make("button", { type: "button", onclick: () => box.close() }, "Close");
  const box = make("dialog", { className: "enlarged", "aria-label": says, onclose: () => box.remove() }, close, framed(found, Boolean(found.narrow) && innerWidth < NARROW));
  document.body.append(box);
  box.showModal();
}

function framed({ svg, narrow, style }, small) {
  const frame = make("div", { className: "frame", tabIndex: 0, role: "group", "aria-label": "A picture" });
  const drawn = document.importNode(new DOMParser().parseFromString(small ? narrow : svg, "image/svg+xml").documentElement, true);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${style}\nsvg{display:block;width:100%;height:auto;min-width:${small ? "17rem" : "38rem"};max-width:${small ? "26rem" : "58rem"}}`);
  const inside = frame.attachShadow({ mode: "open" });
  inside.adoptedStyleSheets = [sheet];
  inside.append(drawn);
  return frame;
}
