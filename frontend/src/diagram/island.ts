/** A case's diagram: where it stands, in the reader's language, with a text that says the same. Contract: docs/forms.md. */
import Viewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import { type Count, draw, legend as countLegend } from "./counts";
import { inEnglish, widen } from "./english";
import { type Review, review } from "./findings";
import { type Marks, legend, textOf, words } from "./words";

interface Given extends Marks, Review {
  xml?: string;
  src?: string;
  label?: string;
  counts?: Count[];
}
type Service = Record<string, any>;

const MARKS = ["done", "next", "current", "late"] as const;
const PADDING = 24; // units of the drawing, left free all round
const MARK = 40; // pixels at the foot that belong to the bpmn.io mark
const READABLE = 0.55; // below this scale nobody can read a name: a small screen opens at the work instead

export async function mount(element: HTMLElement): Promise<void> {
  const source = element.querySelector('script[type="application/json"]');
  const given = JSON.parse(source?.textContent ?? "{}") as Given;
  const english = document.documentElement.lang.startsWith("en");
  const say = words(english);
  const canvas = document.createElement("div");
  canvas.className = "diagram-canvas";
  element.querySelector(".island-wait")?.remove();
  element.append(canvas);
  const viewer = makeViewer(canvas);
  if (english) {
    viewer.on("import.render.start", ({ definitions }: Service) => {
      inEnglish(definitions);
      widen(definitions.diagrams);
    });
  }
  await viewer.importXML(given.xml ?? (await fetched(given.src ?? "")));
  mark(viewer, given);
  if (given.counts) draw(viewer, given.counts, say);
  fit(viewer, canvas, given);
  name(canvas, given.label ?? say("Diagram of this case"));
  element.append(tools(viewer, canvas, given, say));
  review(viewer, element, given, english);
  if (MARKS.some((kind) => given[kind]?.length)) element.append(textOf(given, (id) => nameOf(viewer, id), say)); // the page has a table of them
}

async function fetched(address: string): Promise<string> {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.text();
}

function makeViewer(container: HTMLElement): Service {
  return new Viewer({
    container,
    bpmnRenderer: { defaultFillColor: "var(--shape)", defaultStrokeColor: "var(--stroke)", defaultLabelColor: "var(--ink)" },
    zoomScroll: { enabled: false }, // a page must scroll past a diagram; the wheel is the diagram's once it has the focus
  } as object) as Service;
}

function mark(viewer: Service, given: Marks): void {
  const [canvas, registry] = [viewer.get("canvas"), viewer.get("elementRegistry")];
  for (const kind of MARKS) {
    for (const id of given[kind] ?? []) if (registry.get(id)) canvas.addMarker(id, `duban-${kind}`);
  }
}

/** The whole drawing with air round it, never larger than life; where that cannot be read, the current step. */
function fit(viewer: Service, container: HTMLElement, given?: Marks): void {
  const canvas = viewer.get("canvas");
  const { inner } = canvas.viewbox();
  const { clientWidth: width, clientHeight: height } = container;
  if (!width || !height || !inner.width || !inner.height) return; // not on the screen yet; watch() comes back
  const whole = Math.min(1, width / (inner.width + 2 * PADDING), (height - MARK) / (inner.height + 2 * PADDING));
  const near = whole < READABLE ? viewer.get("elementRegistry").get(given?.current?.[0] ?? given?.late?.[0] ?? "") : undefined;
  const scale = near ? READABLE + 0.15 : whole;
  const middle = near ?? inner;
  const box = { width: width / scale, height: height / scale };
  const foot = MARK / scale;
  const x = middle.x + middle.width / 2 - box.width / 2;
  canvas.viewbox({ x, y: middle.y + middle.height / 2 - (box.height - foot) / 2, ...box });
}

/** The drawing takes the focus as one region; arrows with Ctrl move it, Ctrl + and - zoom (diagram-js' own keys). */
function name(container: HTMLElement, label: string): void {
  const drawing = container.querySelector<SVGElement>("svg:has(> .viewport), .djs-container > svg");
  drawing?.setAttribute("tabindex", "0");
  drawing?.setAttribute("role", "img");
  drawing?.setAttribute("aria-label", label);
}

function tools(viewer: Service, container: HTMLElement, given: Given, say: (text: string) => string): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "diagram-tools";
  const button = (text: string, label: string, act: () => void) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "button button-small";
    one.textContent = text;
    one.setAttribute("aria-label", label);
    one.addEventListener("click", act);
    return one;
  };
  const wheel = viewer.get("zoomScroll");
  container.addEventListener("focusin", () => wheel.toggle(true));
  container.addEventListener("focusout", () => wheel.toggle(false));
  const group = document.createElement("span");
  group.className = "actions push";
  group.append(
    button("−", say("Smaller"), () => wheel.stepZoom(-1)),
    button("+", say("Larger"), () => wheel.stepZoom(1)),
    button(say("Whole"), say("Whole"), () => fit(viewer, container)),
  );
  bar.append(given.counts ? countLegend(say) : legend(given, say), group);
  watch(viewer, container, given);
  return bar;
}

/** A diagram folded away has no size; it is fitted when it first gets one. */
function watch(viewer: Service, container: HTMLElement, given: Marks): void {
  let before = container.clientWidth;
  new ResizeObserver(() => {
    if (container.clientWidth === before) return;
    before = container.clientWidth;
    viewer.get("canvas").resized();
    fit(viewer, container, given);
  }).observe(container);
}

function nameOf(viewer: Service, id: string): string {
  return viewer.get("elementRegistry").get(id)?.businessObject?.name ?? "";
}
