/** The one text of form-js that passes by its own translation: what the cross beside a row says to who cannot see it. */
import type { Translate } from "./texts";

const FOREIGN = '[aria-label^="Remove list item"]';

/** Says it in the reader's language, for rows that are there and rows that come. */
export function nameRows(root: HTMLElement, say: Translate): void {
  const rename = () => {
    for (const button of root.querySelectorAll<HTMLElement>(FOREIGN)) {
      const row = button.getAttribute("aria-label")?.match(/\d+$/)?.[0] ?? "";
      button.setAttribute("aria-label", say("Remove row {row}", { row }));
    }
  };
  rename();
  new MutationObserver(rename).observe(root, { childList: true, subtree: true, attributeFilter: ["aria-label"] });
}
