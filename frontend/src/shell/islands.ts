/** Islands: an element says `data-island="form"`, its script comes only then; a fold that is closed waits until it is opened. */
type Mount = (element: HTMLElement) => Promise<void>;

const ISLANDS: Record<string, () => Promise<{ mount: Mount }>> = {
  form: () => import("../form/island"),
  diagram: () => import("../diagram/island"),
};

export function mountAll(root: HTMLElement): void {
  const found = [...root.querySelectorAll<HTMLElement>("[data-island]")];
  if (root.matches("[data-island]")) found.push(root);
  for (const element of found) {
    const fold = element.closest<HTMLDetailsElement>("details.fold:not([open])");
    if (fold) fold.addEventListener("toggle", () => void mountOne(element), { once: true });
    else void mountOne(element);
  }
}

async function mountOne(element: HTMLElement): Promise<void> {
  const load = ISLANDS[element.dataset.island ?? ""];
  if (!load || element.dataset.mounted) return;
  element.dataset.mounted = "yes";
  try {
    await (await load()).mount(element);
  } catch (error) {
    element.dataset.mounted = "failed";
    const words = element.querySelector<HTMLElement>(".island-wait");
    if (words) words.textContent = words.dataset.failed ?? "未能显示，请刷新本页。";
    throw error;
  }
}
