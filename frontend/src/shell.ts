/** What every page runs: htmx without eval, islands mounted now and after each swap, keys, menus, theme. */
import htmx from "htmx.org";
import { listenToDesk } from "./shell/desk";
import { mountAll } from "./shell/islands";
import { listenToKeys } from "./shell/keys";
import { listenToSwitches } from "./shell/switches";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0, // no page of a case stays in the browser's storage; going back asks again
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true }, // the page again, with its words
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token) (event as CustomEvent).detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:responseError", (event) => {
  const place = document.querySelector("#notice");
  const { xhr } = (event as CustomEvent).detail as { xhr: XMLHttpRequest };
  const words = xhr.getResponseHeader("X-Message"); // percent-encoded, since headers carry no Chinese
  if (place && words) place.textContent = decodeURIComponent(words);
});

htmx.onLoad((element) => mountAll(element as HTMLElement));
mountAll(document.body);
listenToDesk();
listenToKeys();
listenToSwitches();
