// A picture of the server's in the page: its own style and names stay inside it, and it can be looked at larger.
import { make } from "./draw.js";

export function picture(found, says) {
  const larger = make("button", { type: "button", className: "link larger", onclick: () => enlarge(found, says) }, "Larger");
  return make("figure", { className: "picture" }, framed(found), larger);
}

export function enlarge(found, says) {
  const close = make("button", { type: "button", onclick: () => box.close() }, "Close");
  const box = make("dialog", { className: "enlarged", "aria-label": says, onclose: () => box.remove() }, close, framed(found));
  document.body.append(box);
  box.showModal();
}

function framed({ svg, style }) {
  const frame = make("div", { className: "frame", tabIndex: 0, role: "group", "aria-label": "A picture" });
  const drawn = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${style}\nsvg{display:block;width:100%;height:auto;min-width:38rem}`);
  const inside = frame.attachShadow({ mode: "open" });
  inside.adoptedStyleSheets = [sheet];
  inside.append(drawn);
  return frame;
}
