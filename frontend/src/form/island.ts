/** The form of one task: form-js in our words, sent as JSON, its draft kept by itself. Contract: docs/forms.md. */
import { Form } from "@bpmn-io/form-js-viewer";
import "@bpmn-io/form-js-viewer/dist/assets/form-js-base.css";
import { agreement } from "./agreement";
import { answers, asText, draft, type Reader } from "./answers";
import { DateField, fileField, selectField, signatureField, type Uploads } from "./fields";
import { Keeping } from "./keeping";
import { kept, ownFaults, show, showFindings, summary } from "./report";
import { nameRows } from "./rows";
import { freshKey, send, upload } from "./send";
import { DISARMED } from "../shell/session";
import { type Language, translator, type Translate } from "./texts";
import { watch, type Watch } from "./watch";

interface Given {
  schema: { components: Component[] };
  data?: Record<string, unknown>;
  files?: Record<string, string>;
  now?: string;
  revision?: number | string;
  draft?: number;
  key?: string;
  submit?: string;
  keep?: string;
  readonly?: boolean;
}
interface Component {
  type: string;
  key?: string;
  properties?: Record<string, string>;
  validate?: { required?: boolean | string };
  components?: Component[];
}
type AnyForm = Omit<Form, "get"> & Omit<Reader, "get"> & { get(name: string): any };

const OWN: Record<string, string> = { signature: "duban-signature", file: "duban-file" };
const BETTER: Record<string, string> = { datetime: "duban-date", select: "duban-select" };

/** Our own kinds of field stand in standard components; here they become ours. */
function adapt(component: Component): Component {
  const type = OWN[component.properties?.type ?? ""] ?? BETTER[component.type] ?? component.type;
  return { ...component, type, ...(component.components && { components: component.components.map(adapt) }) };
}

export async function mount(element: HTMLElement): Promise<void> {
  const source = element.querySelector('script[type="application/json"]');
  const given = JSON.parse(source?.textContent ?? "{}") as Given;
  const language: Language = document.documentElement.lang.startsWith("en") ? "en" : "zh";
  const say = translator(language);
  await new Island(element, given, say).open();
}

class Island {
  private readonly form: AnyForm;
  private readonly box = document.createElement("div");
  private readonly note = document.createElement("span");
  private readonly button = document.createElement("button");
  private readonly uploads: Uploads;
  private readonly key: string;
  private sending = false;
  private over = false;
  private watch?: Watch;
  private readonly keeping: Keeping;

  constructor(
    private readonly element: HTMLElement,
    private readonly given: Given,
    private readonly say: Translate,
  ) {
    this.key = given.key ?? element.dataset.key ?? freshKey();
    this.uploads = {
      names: new Map(Object.entries(given.files ?? {})),
      send: (field, file) => upload(element.dataset.upload ?? "", field, file, say),
    };
    this.form = new Form({ now: given.now, debounce: false, additionalModules: [this.module()] } as object) as AnyForm;
    const idle = (): boolean => this.sending || this.over;
    const ask = (): void => void this.watch?.ask();
    this.keeping = new Keeping(this.form, { url: element.dataset.draft, revision: given.draft ?? 0, note: this.note, names: this.uploads.names, idle, ask }, say);
  }

  private module() {
    const { say, uploads } = this;
    function fields(formFields: { register(type: string, field: unknown): void }) {
      formFields.register("duban-date", DateField);
      formFields.register("duban-select", selectField(say));
      formFields.register("duban-signature", signatureField(say));
      formFields.register("duban-file", fileField(say, uploads));
    }
    fields.$inject = ["formFields"];
    return { __init__: [fields], ...agreement, translate: ["value", say] };
  }

  async open(): Promise<void> {
    const { element, form, given } = this;
    this.box.hidden = true;
    this.box.tabIndex = -1;
    this.box.setAttribute("role", "alert");
    this.watchRequired();
    await form.importSchema({ ...given.schema, components: given.schema.components.map(adapt) } as object, given.data);
    element.querySelector(".island-wait")?.remove();
    element.append(this.box, this.keeping.differing);
    form.attachTo(element);
    this.keeping.begin();
    nameRows(element, this.say);
    if (given.readonly) form.setProperty("readOnly", true);
    else this.listen();
  }

  /** `required` may be FEEL; form-js' star knows only yes or no, so each change settles it anew. */
  private watchRequired(): void {
    const { form } = this;
    const asked = new Map<Component, string>();
    form.on("changed", 2000, () => {
      const data = form.get("conditionChecker").applyConditions(form._getState().data ?? {});
      for (const field of form.get("formFieldRegistry").getAll() as Component[]) {
        const required = field.validate?.required;
        if (typeof required === "string") asked.set(field, required);
        const feel = asked.get(field);
        if (feel) field.validate = { ...field.validate, required: form.get("expressionLanguage").evaluate(feel, data) === true };
      }
    });
  }

  private listen(): void {
    this.bar();
    const gone = new AbortController();
    const alive = { signal: gone.signal };
    if (this.element.dataset.watch) this.watch = watch(this.element.dataset.watch, () => this.element.isConnected && !this.over, (words) => this.disarm(words), this.say);
    const here = (act: (event: any) => void) => (event: Event) => (this.element.isConnected ? act(event) : gone.abort());
    this.form.on("field.updated", () => this.keeping.changed());
    this.element.addEventListener("focusout", here(() => this.keeping.dirty && this.keeping.soon(400)), alive);
    this.element.addEventListener("submit", here((event) => { event.preventDefault(); void this.submit(); }), { ...alive, capture: true });
    addEventListener("pagehide", here(() => void this.keeping.save(true)), alive);
    addEventListener("beforeunload", here((event) => this.keeping.dirty && !this.sending && event.preventDefault()), alive);
    document.addEventListener(DISARMED, here((event: CustomEvent<string>) => this.disarm(event.detail)), alive);
    document.addEventListener("keydown", here((event: KeyboardEvent) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void this.submit();
    }), alive);
  }

  private bar(): void {
    const bar = document.createElement("div");
    bar.className = "form-bar";
    this.button.type = "button";
    this.button.className = "button button-primary";
    this.button.textContent = this.given.submit ?? this.say("Submit");
    this.button.title = this.say("Send (Ctrl+Enter)");
    this.button.addEventListener("click", () => void this.submit());
    this.note.className = "saved";
    this.note.setAttribute("role", "status");
    const key = document.createElement("kbd");
    key.textContent = "Ctrl+Enter";
    bar.append(this.button, key, ...this.keeper(), this.note);
    this.element.append(bar);
  }

  /** Where nothing exists yet, as on the page that starts a case, keeping a draft is an act of its own. */
  private keeper(): HTMLElement[] {
    const url = this.element.dataset.keep;
    if (!url) return [];
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = this.given.keep ?? this.say("Keep as draft");
    button.addEventListener("click", () => void this.deliver(url, draft(this.form)));
    return [button];
  }

  /** The page can do nothing any more: its buttons are off, and what was typed stays to be copied. */
  private disarm(words: string): void {
    if (this.over) return;
    this.over = true;
    this.keeping.stop();
    const typed = this.text();
    for (const button of this.element.querySelectorAll<HTMLButtonElement>(".form-bar button")) button.disabled = true;
    for (const button of document.querySelectorAll<HTMLButtonElement>('.work-head form[method="post"] button')) button.disabled = true;
    this.form.setProperty("readOnly", true);
    this.note.textContent = "";
    show(this.box, "alert alert-warn form-summary", words, [...kept(typed, this.say), this.anew()]);
  }

  private anew(): HTMLElement {
    const link = document.createElement("a");
    link.className = "button button-small";
    link.href = location.href;
    link.textContent = this.say("Open this page anew");
    return link;
  }

  private async submit(): Promise<void> {
    if (this.sending || this.over) return;
    if (this.keeping.waitsForChoice()) return;
    (document.activeElement as HTMLElement | null)?.blur(); // form-js keeps the last letters for a moment
    await new Promise((resolve) => setTimeout(resolve));
    const faults = ownFaults(this.form, this.form.validate() as Record<string, unknown>);
    if (faults.length) return this.report(faults);
    await this.deliver(this.element.dataset.action ?? location.href, answers(this.form));
  }

  private async deliver(url: string, given: unknown): Promise<void> {
    this.wait(true);
    const body = { answers: given, revision: this.given.revision, key: this.key };
    const answer = await send(url, "POST", body, this.say);
    if (answer.status >= 200 && answer.status < 300) {
      this.keeping.dirty = false;
      location.assign(answer.location ?? location.href);
      return;
    }
    this.wait(false);
    if (answer.status === 422 && answer.findings.length) this.report(showFindings(this.form as never, answer.findings, this.say));
    else if (this.over) return; // its words stand there already
    else if (answer.status === 409 || answer.status === 401) {
      if (answer.status === 409) void this.watch?.ask();
      show(this.box, "alert alert-warn form-summary", answer.words, kept(this.text(), this.say));
    }
    else show(this.box, "alert alert-bad form-summary", answer.words);
  }

  private text(): string {
    return asText(this.form, this.say(": "), (id) => this.uploads.names.get(id) ?? id);
  }

  private report(faults: Parameters<typeof summary>[2]): void {
    const head = this.say("Please look at {count} places:", { count: `${faults.length}` });
    summary(this.box, head, faults, (at) => this.focus(at.id, Object.values(at.indexes ?? {})));
  }

  /** form-js names inputs "…-field", "…-field_row", and of a group of choices "…-field_row-option". */
  private focus(id: string, indexes: number[]): void {
    const name = CSS.escape(`-${id}${indexes.map((index) => `_${index}`).join("")}`);
    this.element.querySelector<HTMLElement>(`[id$="${name}"]:is(input,select,textarea), [id*="${name}-"]:is(input,select,textarea)`)?.focus();
  }

  private wait(sending: boolean): void {
    this.sending = sending;
    this.button.disabled = sending || this.over;
    this.note.textContent = sending ? this.say("Sending…") : "";
  }
}
