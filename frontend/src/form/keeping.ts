/** The draft of a form: kept by itself, with the revision it was written on, laid together where two windows write. */
import { draft, type Reader, textOf } from "./answers";
import { choices } from "./choice";
import { type Json, merge, same } from "./merge";
import { fill } from "./report";
import { type Answer, send } from "./send";
import type { Translate } from "./texts";

const QUIET = 2000; // milliseconds without a key before the draft is kept

/** Where a draft goes and what its page has: `idle` while nothing may be kept, `ask` whether the task still counts. */
interface Place {
  url?: string;
  revision: number;
  note: HTMLElement;
  names: Map<string, string>;
  idle(): boolean;
  ask(): void;
}
type Written = Reader & { _setState(state: { data: Json }): void };

/** Hours and minutes in the bureau's zone: the server says its instants in it, whatever the zone of this machine. */
const clockOf = (instant: unknown): string => String(instant).slice(11, 16);

export class Keeping {
  readonly differing = document.createElement("div");
  dirty = false;
  private timer = 0;
  private saving = false;
  private revision: number;
  private base: Json = {}; // what the draft was when this window last heard of it
  private unseen: Json = {}; // what the other window wrote into fields that are not on this screen
  private readonly undecided = new Set<string>();

  constructor(private readonly form: Written, private readonly place: Place, private readonly say: Translate) {
    this.revision = place.revision;
    this.differing.hidden = true;
    this.differing.tabIndex = -1;
    this.differing.setAttribute("role", "alert");
  }

  begin(): void {
    this.base = draft(this.form);
  }

  changed(): void {
    this.dirty = true;
    this.soon(QUIET);
  }

  soon(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.differing.hidden = true;
  }

  waitsForChoice(): boolean {
    if (!this.undecided.size) return false;
    this.place.note.textContent = this.say("Choose first what holds where two windows differ.");
    this.differing.focus();
    return true;
  }

  async save(leaving = false): Promise<void> {
    const { url } = this.place;
    if (!url || !this.dirty || this.place.idle()) return;
    clearTimeout(this.timer);
    if (this.saving && !leaving) return this.soon(400);
    this.dirty = false;
    const sent = this.drafted();
    const revision = this.revision + (this.saving ? 1 : 0); // the answer to the one before is still on its way
    this.saving = true;
    const answer = await send(url, "PUT", { answers: sent, revision }, this.say, { leaving, byItself: true });
    this.saving = false;
    if (answer.status >= 200 && answer.status < 300) this.saved(sent, answer);
    else this.unsaved(answer);
  }

  /** What is kept: this screen; where two windows differ and nobody has chosen yet, what is kept already. */
  private drafted(): Json {
    const undecided = Object.fromEntries([...this.undecided].map((key) => [key, this.base[key]]));
    return { ...this.unseen, ...draft(this.form), ...undecided };
  }

  private saved(sent: Json, answer: Answer): void {
    this.base = sent;
    this.revision = Number(answer.body.revision);
    this.dirty ||= this.undecided.size > 0;
    this.place.note.textContent = this.say("Saved by itself at {time}", { time: clockOf(answer.body.saved_at) });
  }

  private unsaved(answer: Answer): void {
    this.dirty = true;
    const theirs = answer.body.draft as { answers: Json; revision: number; saved_at: string } | undefined;
    if (answer.status === 409 && theirs) return this.lay(theirs.answers, theirs.revision, clockOf(theirs.saved_at));
    if (answer.status === 409 || answer.status === 404) this.place.ask();
    this.place.note.textContent = this.say("Draft not saved: {why}", { why: answer.words });
  }

  /** Another window has kept something else: its changes come in, and where both changed a field the person is asked. */
  private lay(theirs: Json, revision: number, time: string): void {
    const mine = draft(this.form);
    const { take, both } = merge(this.base, mine, theirs);
    Object.assign(this.unseen, Object.fromEntries(Object.entries(theirs).filter(([key]) => !(key in mine))));
    [this.base, this.revision] = [theirs, revision];
    both.forEach((key) => this.undecided.add(key));
    this.put(take);
    this.ask(time);
    this.place.note.textContent = this.say("Changes of your other window have been put in here.");
    this.soon(0);
  }

  private put(values: Json): void {
    const { data } = this.form._getState();
    this.form._setState({ data: { ...data, ...values } });
  }

  private ask(time: string): void {
    const mine = draft(this.form);
    for (const key of this.undecided) if (same(mine[key], this.base[key])) this.undecided.delete(key);
    const nameOf = (id: string): string => this.place.names.get(id) ?? id;
    const open = [...this.undecided].map((key) => {
      const [label, here] = textOf(this.form, key, mine[key], nameOf, this.say);
      return { key, label, here, there: textOf(this.form, key, this.base[key], nameOf, this.say)[1] };
    });
    this.differing.hidden = !open.length;
    if (!open.length) return;
    const head = this.say("{count} fields differ from another window of yours. Choose what holds:", { count: `${open.length}` });
    fill(this.differing, "alert alert-warn form-differing", head, choices(open, time, this.say, (key, other) => this.choose(key, other, time)));
  }

  private choose(key: string, theirs: boolean, time: string): void {
    this.undecided.delete(key);
    if (theirs) this.put({ [key]: this.base[key] });
    this.ask(time);
    this.changed();
    this.soon(0);
  }
}
