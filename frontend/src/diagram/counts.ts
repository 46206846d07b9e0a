/** How many cases stand at an element: a badge that leads to their list, a mark on the shape, and what the colours mean. */
import type { Say } from "./words";

export interface Count {
  element: string;
  name: string;
  count: number;
  late: number;
  label: string;
  address?: string;
}
type Service = Record<string, any>;

const READABLE = { min: 0.7, max: 1.2 }; // a badge stays legible where the whole drawing is small
const UP = 24; // units above the shape's upper edge, so that the badge does not cover the name

/** Puts the badges on the drawing; elements that this version does not draw are in the table only. */
export function draw(viewer: Service, counts: Count[], say: Say): void {
  const [canvas, registry, overlays] = [viewer.get("canvas"), viewer.get("elementRegistry"), viewer.get("overlays")];
  for (const one of counts) {
    if (!registry.get(one.element)) continue;
    canvas.addMarker(one.element, one.late ? "duban-standing-late" : "duban-standing");
    overlays.add(one.element, "count", { position: { top: -UP, left: 8 }, scale: READABLE, html: badge(one, say) });
  }
}

function badge(one: Count, say: Say): HTMLElement {
  const made = document.createElement(one.address ? "a" : "span");
  if (made instanceof HTMLAnchorElement) made.href = one.address ?? "";
  made.className = one.late ? "count-badge count-badge-late" : "count-badge";
  made.title = one.label;
  const name = document.createElement("span");
  name.className = "only-read";
  name.textContent = `${one.name} `;
  made.append(name, one.late ? `${one.count} · ${say("late")} ${one.late}` : String(one.count));
  return made;
}

export function legend(say: Say): HTMLElement {
  const list = document.createElement("ul");
  list.className = "legend";
  for (const [kind, text] of [["standing", "cases stand here"], ["standing-late", "some of them late"], ["none", "none"]]) {
    const item = document.createElement("li");
    item.className = `legend-${kind}`;
    item.textContent = say(text ?? "");
    list.append(item);
  }
  return list;
}
