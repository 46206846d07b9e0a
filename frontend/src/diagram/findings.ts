/** The studio's drawings: what was found wrong stands on its element with a number, what differs is marked, and lists lead there. */
export interface Found {
  element: string;
  severity: string;
  words: string;
}
export interface Review {
  findings?: Found[];
  added?: string[];
  removed?: string[];
  changed?: string[];
}
type Service = Record<string, any>;

const SORTS = ["added", "removed", "changed"] as const;
const NEAR = 0.9; // the scale at which an element that was asked for is shown
const SHOWN = 1600; // milliseconds during which it stays marked
const zh: Record<string, string> = { added: "新增", removed: "删去", changed: "改动", error: "有错误", warning: "有提示" };

export function review(viewer: Service, island: HTMLElement, given: Review, english: boolean): void {
  const say = (text: string) => (english ? text : (zh[text] ?? text));
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  const shown = new Set<string>();
  for (const sort of SORTS) {
    for (const id of given[sort] ?? []) if (registry.get(id)) shown.add(sort) && canvas.addMarker(id, `duban-${sort}`);
  }
  for (const [id, found] of grouped(given.findings ?? [])) {
    if (!registry.get(id)) continue;
    const worst = found.some((one) => one.severity === "error") ? "error" : "warning";
    shown.add(worst);
    canvas.addMarker(id, `duban-${worst}`);
    viewer.get("overlays").add(id, { position: { top: -12, right: 12 }, html: badge(found, worst, say) });
  }
  if (shown.size) legend(island, [...shown], say);
  listen(viewer, island);
}

function grouped(found: Found[]): Map<string, Found[]> {
  const groups = new Map<string, Found[]>();
  for (const one of found) groups.set(one.element, [...(groups.get(one.element) ?? []), one]);
  return groups;
}

/** Only text goes in, so that a name that holds markup stays a name. */
function badge(found: Found[], worst: string, say: (text: string) => string): HTMLElement {
  const mark = document.createElement("span");
  mark.className = `finding finding-${worst}`;
  mark.textContent = String(found.length);
  mark.title = found.map((one) => one.words).join("\n");
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", `${say(worst)}: ${mark.title}`);
  return mark;
}

function legend(island: HTMLElement, shown: string[], say: (text: string) => string): void {
  const list = island.querySelector(".legend") ?? document.createElement("ul");
  list.className = "legend";
  for (const sort of shown) {
    const item = document.createElement("li");
    item.className = `legend-${sort}`;
    item.textContent = say(sort);
    list.append(item);
  }
  if (!list.isConnected) island.querySelector(".diagram-tools")?.prepend(list);
}

/** A link with `data-element` whose target holds this drawing brings the element to its middle. */
function listen(viewer: Service, island: HTMLElement): void {
  const show = (link: HTMLAnchorElement) => {
    const place = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const id = link.dataset.element ?? "";
    const element = viewer.get("elementRegistry").get(id);
    if (!place || !element || !place.contains(island)) return false;
    center(viewer, element);
    viewer.get("canvas").addMarker(id, "duban-shown");
    setTimeout(() => viewer.get("canvas").removeMarker(id, "duban-shown"), SHOWN);
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLAnchorElement>("a[data-element]");
    if (link && show(link)) {
      event.preventDefault();
      island.scrollIntoView({ block: "center", behavior: "smooth" });
    }
  });
}

function center(viewer: Service, element: Service): void {
  const canvas = viewer.get("canvas");
  const box = element.waypoints ? middleOf(element.waypoints) : element;
  const { outer } = canvas.viewbox();
  const [width, height] = [outer.width / NEAR, outer.height / NEAR];
  const x = box.x + (box.width ?? 0) / 2 - width / 2;
  canvas.viewbox({ x, y: box.y + (box.height ?? 0) / 2 - height / 2, width, height });
}

function middleOf(points: { x: number; y: number }[]): Service {
  const [first, last] = [points[0], points[points.length - 1]];
  return { x: ((first?.x ?? 0) + (last?.x ?? 0)) / 2, y: ((first?.y ?? 0) + (last?.y ?? 0)) / 2 };
}
