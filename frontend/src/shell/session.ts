/** The session behind a page: a fresh token where it was renewed, signing in on the spot, an end where another person is in. */
import { type Translate, translator } from "../form/texts";
import { askToSignIn } from "./signing";

export interface Here {
  person: string;
  name: string;
  token: string;
}
export const DISARMED = "duban:disarmed";

const meta = (name: string): HTMLMetaElement | null => document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);
export const token = (): string => meta("csrf-token")?.content ?? "";
export const person = (): string => meta("person")?.content ?? "";
const say: Translate = (text, values) => translator(document.documentElement.lang.startsWith("en") ? "en" : "zh")(text, values);

let asking: Promise<boolean> | undefined;
let declined = false;

/** Whether an answer says that the session of this page is over, or is another one now. */
export const ended = (status: number, kind: unknown): boolean => person() !== "" && (status === 401 || (status === 400 && kind === "forged"));

/** Whether the page's own person is signed in, with a fresh token put into the page; asks them to sign in where nobody is.
 * `wanted`: the person did something; what happens by itself does not open the dialog again once it was closed. */
export async function renewed(wanted = true): Promise<boolean> {
  if (wanted) declined = false;
  asking ??= settle().finally(() => (asking = undefined));
  return asking;
}

async function settle(): Promise<boolean> {
  let here = await whoIsHere();
  if (here && !here.person && !declined) {
    here = await askToSignIn(here, say, whoIsHere);
    declined = !here;
  }
  return here !== undefined && here.person !== "" && accept(here);
}

function accept(here: Here): boolean {
  if (here.person !== person()) {
    someoneElse(here.name);
    return false;
  }
  const page = meta("csrf-token");
  if (page) page.content = here.token;
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name="csrf_token"]')) input.value = here.token;
  return true;
}

async function whoIsHere(): Promise<Here | undefined> {
  try {
    const response = await fetch("/session", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    return response.ok ? ((await response.json()) as Here) : undefined;
  } catch {
    return undefined;
  }
}

/** Another person signed in here: the page does nothing any more in their name; its text stays to be copied. */
export function someoneElse(other: string): void {
  const name = meta("person")?.dataset.name ?? "";
  const words = say("{other} is signed in here now; this page was opened by {name} and sends nothing any more.", { other, name });
  document.documentElement.dataset.disarmed = "yes";
  for (const button of document.querySelectorAll<HTMLButtonElement>('main form[method="post"] button')) button.disabled = true;
  document.dispatchEvent(new CustomEvent(DISARMED, { detail: words }));
  if (!document.querySelector('[data-island="form"]')) notify(words);
}

function notify(words: string): void {
  const box = document.createElement("p");
  box.className = "alert alert-warn";
  box.setAttribute("role", "alert");
  box.textContent = words;
  document.querySelector("main")?.prepend(box);
}

/** Buttons outside the form island, such as taking a task, ask first whose session it is, and then do what was asked. */
export function listenToSession(): void {
  const waiting = new WeakSet<HTMLFormElement>();
  const passing = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.method !== "post" || !form.closest("main") || !person() || passing.has(form)) return;
    event.preventDefault();
    if (waiting.has(form)) return;
    waiting.add(form);
    const submitter = (event as SubmitEvent).submitter;
    void renewed().then((fine) => {
      waiting.delete(form);
      if (!fine) return;
      passing.add(form);
      form.requestSubmit(submitter);
      passing.delete(form);
    });
  });
}
