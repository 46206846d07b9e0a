/** The inbox by keyboard: J and K move, Enter opens (a link's own), C claims, ? helps; never while somebody types. */
const TYPING = "input, textarea, select, [contenteditable], .djs-container";

const ACTS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  c: () => document.querySelector<HTMLElement>('[data-shortcut="claim"]:not(:disabled)')?.click(),
  "?": () => document.querySelector<HTMLDialogElement>("dialog#keys")?.showModal(),
  "/": () => document.querySelector<HTMLElement>('input[type="search"]')?.focus(),
};

function move(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>(".queue-item > a")];
  if (!links.length) return;
  const focused = links.indexOf(document.activeElement as HTMLElement);
  const from = focused >= 0 ? focused : links.findIndex((link) => link.hasAttribute("aria-current"));
  links[Math.max(0, Math.min(links.length - 1, from + step))].focus();
}

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches(TYPING) || target.closest(TYPING)) return;
    const act = ACTS[event.key.toLowerCase()];
    if (!act || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act();
  });
}
