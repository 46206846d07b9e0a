/** Signing in on the page that is open: a dialog in place of the sign-in page, so that nothing typed has to go. */
import type { Translate } from "../form/texts";
import type { Here } from "./session";

function field(label: string, name: string, type: string, complete: AutoFill): HTMLElement {
  const box = document.createElement("div");
  box.className = "field";
  const words = document.createElement("label");
  words.htmlFor = `session-${name}`;
  words.textContent = label;
  const input = document.createElement("input");
  Object.assign(input, { id: words.htmlFor, className: "input", name, type, autocomplete: complete, required: true });
  input.autocapitalize = "none";
  box.append(words, input);
  return box;
}

function button(words: string, type: "submit" | "button", look: string): HTMLButtonElement {
  const made = document.createElement("button");
  Object.assign(made, { type, className: `button ${look}`, textContent: words });
  return made;
}

/** Who has signed in, here or in another tab, with the token of the new session; undefined where the dialog was closed. */
export function askToSignIn(before: Here, say: Translate, whoIsHere: () => Promise<Here | undefined>): Promise<Here | undefined> {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.id = "session";
  dialog.setAttribute("aria-labelledby", "session-head");
  const head = document.createElement("h2");
  Object.assign(head, { id: "session-head", textContent: say("You are signed out") });
  const why = document.createElement("p");
  why.textContent = say("Sign in here and go on; what you typed stays on the page.");
  const fault = document.createElement("p");
  fault.setAttribute("role", "alert");
  const form = document.createElement("form");
  const later = button(say("Later"), "button", "");
  const acts = document.createElement("div");
  acts.className = "actions section-gap";
  acts.append(button(say("Sign in"), "submit", "button-primary"), later);
  form.append(field(say("User name"), "username", "text", "username"), field(say("Password"), "password", "password", "current-password"), acts);
  dialog.append(head, why, fault, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let found: Here | undefined;
    const lookAgain = async (): Promise<void> => {
      const here = await whoIsHere();
      if (!here?.person || !dialog.open) return;
      found = here;
      dialog.close();
    };
    const onFocus = (): void => void lookAgain();
    window.addEventListener("focus", onFocus);
    dialog.addEventListener("close", () => {
      window.removeEventListener("focus", onFocus);
      dialog.remove();
      resolve(found);
    });
    later.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void signIn(new FormData(form), before, say).then((answer) => {
        if (typeof answer !== "string") {
          found = answer;
          dialog.close();
          return;
        }
        fault.textContent = answer;
        fault.className = "alert alert-bad";
        form.querySelector<HTMLInputElement>("#session-password")?.select();
      });
    });
  });
}

/** The new session, or words why there is none. */
async function signIn(typed: FormData, before: Here, say: Translate): Promise<Here | string> {
  const headers = { Accept: "application/json", "X-CSRFToken": before.token };
  try {
    const response = await fetch("/sign-in", { method: "POST", headers, credentials: "same-origin", body: typed });
    const body = (await response.json()) as Partial<Here> & { detail?: string };
    if (response.ok) return body as Here;
    return body.detail ?? say("Something went wrong (code {status}). What you wrote is still here.", { status: `${response.status}` });
  } catch {
    return say("The server cannot be reached. What you wrote is still here; try again.");
  }
}
