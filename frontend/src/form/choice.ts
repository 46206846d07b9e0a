/** Where two windows wrote different things into one field: both, side by side, and the person chooses. */
import type { Translate } from "./texts";

export interface Choice {
  key: string;
  label: string;
  here: string;
  there: string;
}

export function choices(open: Choice[], time: string, say: Translate, chosen: (key: string, theirs: boolean) => void): Node[] {
  return open.map((one) => {
    const group = document.createElement("fieldset");
    group.className = "choice";
    const legend = document.createElement("legend");
    legend.textContent = one.label;
    const side = (head: string, words: string, theirs: boolean): HTMLElement => {
      const part = document.createElement("div");
      part.className = "choice-side";
      const name = document.createElement("span");
      name.className = "soft small";
      name.textContent = head;
      const text = document.createElement("p");
      text.textContent = words || say("(empty)");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-small";
      button.textContent = say("Keep this");
      button.setAttribute("aria-label", `${say("Keep this")} ${one.label} ${head}`);
      button.addEventListener("click", () => chosen(one.key, theirs));
      part.append(name, text, button);
      return part;
    };
    group.append(legend, side(say("Here"), one.here, false), side(say("Other window, {time}", { time }), one.there, true));
    return group;
  });
}
