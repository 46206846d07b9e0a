/** The inbox's desk: a task opened by htmx is marked in the queue, shown where one thing fits the screen, and focused. */
export function listenToDesk(): void {
  document.addEventListener("htmx:afterSwap", (event) => {
    const work = (event as CustomEvent).detail.target as HTMLElement;
    if (work.id !== "work") return;
    const desk = document.querySelector<HTMLElement>("#desk");
    if (desk) desk.dataset.view = "work";
    markOpen();
    work.scrollTop = 0;
    work.focus({ preventScroll: true });
  });
  document.addEventListener("htmx:pushedIntoHistory", markOpen);
}

/** In the queue, the task whose address the page has is the current one. */
function markOpen(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".queue-item > a")) {
    if (new URL(link.href).pathname === location.pathname) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}
