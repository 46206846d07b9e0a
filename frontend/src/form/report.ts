/** Faults shown to people: a summary that takes the focus, links to each field, and the words at the field itself. */
import type { Finding } from "./send";
import type { Translate } from "./texts";

interface Instance {
  id: string;
  valuePath: (string | number)[];
  indexes?: Record<string, number>;
}
interface FormJs {
  get(name: "formFieldInstanceRegistry"): { getAllKeyed(): Instance[] };
  get(name: "formFieldRegistry"): { get(id: string): { label?: string; key?: string } };
  _setState(state: { errors: Record<string, unknown> }): void;
}
interface Fault {
  label: string;
  words: string;
  place?: Instance;
}

const pathOf = (instance: Instance): string => instance.valuePath.join(".");

function place(form: FormJs, finding: Finding): Instance | undefined {
  const instances = form.get("formFieldInstanceRegistry").getAllKeyed();
  return instances.find((one) => pathOf(one) === finding.element) ?? instances.find((one) => pathOf(one) === finding.field);
}

/** The field's label; in a list with the number of its row. */
function labelOf(form: FormJs, at: Instance): string {
  const rows = Object.values(at.indexes ?? {}).map((index) => ` ${index + 1}`);
  return (form.get("formFieldRegistry").get(at.id).label ?? "") + rows.join("");
}

/** The server's findings, put at their fields in form-js' own state. */
export function showFindings(form: FormJs, findings: Finding[], say: Translate): Fault[] {
  const errors: Record<string, unknown> = {};
  const faults = findings.map((finding) => {
    const at = place(form, finding);
    const words = finding.clause ? finding.words + say(" ({clause})", { clause: finding.clause }) : finding.words;
    if (at) put(errors, [at.id, ...Object.values(at.indexes ?? {})], words);
    return { label: at ? labelOf(form, at) : "", words, place: at };
  });
  form._setState({ errors });
  return faults;
}

function put(errors: Record<string, unknown>, path: (string | number)[], words: string): void {
  let node = errors;
  for (const part of path.slice(0, -1)) node = (node[part] ??= {}) as Record<string, unknown>;
  const last = path[path.length - 1];
  node[last] = [...((node[last] as string[]) ?? []), words];
}

/** The faults that form-js itself has found, in the order of the form. */
export function ownFaults(form: FormJs, errors: Record<string, unknown>): Fault[] {
  const found: Fault[] = [];
  for (const instance of form.get("formFieldInstanceRegistry").getAllKeyed()) {
    let node: unknown = errors[instance.id];
    for (const index of Object.values(instance.indexes ?? {})) node = (node as Record<number, unknown> | undefined)?.[index];
    const label = labelOf(form, instance);
    if (Array.isArray(node) && node.length) found.push({ label, words: String(node[0]), place: instance });
  }
  return found;
}

export function summary(box: HTMLElement, head: string, faults: Fault[], focus: (at: Instance) => void): void {
  const list = document.createElement("ul");
  for (const fault of faults) {
    const item = document.createElement("li");
    if (fault.place) {
      const link = document.createElement("a");
      link.href = "#";
      link.textContent = fault.label || fault.words;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        focus(fault.place as Instance);
      });
      item.append(link, fault.label ? ` — ${fault.words}` : "");
    } else {
      item.textContent = fault.words;
    }
    list.append(item);
  }
  show(box, "alert alert-bad form-summary", head, faults.length ? [list] : []);
}

export function show(box: HTMLElement, className: string, head: string, more: Node[] = []): void {
  fill(box, className, head, more);
  box.focus();
  box.scrollIntoView({ block: "nearest" });
}

/** The same without the focus, for somebody who is typing elsewhere. */
export function fill(box: HTMLElement, className: string, head: string, more: Node[] = []): void {
  const strong = document.createElement("strong");
  strong.textContent = head;
  box.className = className;
  box.hidden = false;
  box.replaceChildren(strong, ...more);
}

/** What was typed, as plain text to copy, when the work is no longer there to be done. */
export function kept(text: string, say: Translate): Node[] {
  if (!text) return [];
  const note = document.createElement("p");
  note.textContent = say("What you wrote is kept below and can be copied.");
  const words = document.createElement("div");
  words.className = "kept";
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small";
  button.textContent = say("Copy what I wrote");
  button.addEventListener("click", () => {
    const range = document.createRange();
    range.selectNodeContents(words);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    const done = () => (button.textContent = say("Copied."));
    if (navigator.clipboard) void navigator.clipboard.writeText(text).then(done);
    else if (document.execCommand("copy")) done(); // pages without TLS have no clipboard interface
  });
  return [note, words, button];
}
