/** What every page runs: htmx without eval, islands mounted now and after each swap, keys, menus, theme. */
import htmx from "htmx.org";
import { listenToDesk } from "./shell/desk";
import { mountAll } from "./shell/islands";
import { listenToKeys } from "./shell/keys";
import { ended, listenToSession, renewed, token } from "./shell/session";
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
  if (token()) (event as CustomEvent).detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig, elt } = (event as CustomEvent).detail as { xhr: XMLHttpRequest; requestConfig: { verb: string; path: string }; elt: Element };
  if (!ended(xhr.status, xhr.getResponseHeader("X-Kind"))) return;
  event.preventDefault(); // else htmx would lead to the sign-in page, away from what is typed
  void renewed().then((fine) => {
    if (fine) void htmx.ajax(requestConfig.verb as "get", requestConfig.path, { source: elt });
  });
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
listenToSession();
listenToSwitches();
