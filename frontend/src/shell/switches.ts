/** Small behaviours that pages ask for by attribute: theme, language, menus, dialogs, print, filters that send themselves. */
const YEAR = 31_536_000; // seconds

function remember(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR}; samesite=lax`;
}

function switchTheme(): void {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  remember("theme", root.dataset.theme);
}

const CLICKS: [string, (element: HTMLElement, event: Event) => void][] = [
  ["[data-theme-switch]", (_button, event) => { event.preventDefault(); switchTheme(); }],
  ["[data-language]", (link) => remember("language", link.dataset.language ?? "zh")],
  ["[data-print]", () => print()],
  ["[data-dialog]", (button) => document.querySelector<HTMLDialogElement>(`dialog#${button.dataset.dialog}`)?.showModal()],
  ["[data-close]", (button) => button.closest("dialog")?.close()],
];

export function listenToSwitches(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    for (const [selector, act] of CLICKS) {
      const element = target.closest<HTMLElement>(selector);
      if (element) act(element, event);
    }
    for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
      if (!menu.contains(target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector<HTMLDetailsElement>("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("change", (event) => {
    const control = event.target as HTMLElement;
    if (control.matches("[data-send]")) control.closest("form")?.requestSubmit();
  });
}
