/** Whether the task behind an open page is still the reader's to do: asked when the page comes into view, and now and then. */
import { person, someoneElse } from "../shell/session";
import type { Translate } from "./texts";

const EVERY = 60_000; // milliseconds

export interface Watch {
  ask(): Promise<void>;
}

/** `over` hears, once, in whose hands the task is now. A page out of sight asks nothing. */
export function watch(url: string, alive: () => boolean, over: (words: string) => void, say: Translate): Watch {
  const gone = new AbortController();
  const ask = async (): Promise<void> => {
    const words = alive() ? await standing(url, say) : "";
    if (words) over(words);
    if (words || !alive()) stop();
  };
  const seen = () => document.visibilityState === "visible" && void ask();
  const timer = window.setInterval(seen, EVERY);
  const stop = () => {
    clearInterval(timer);
    gone.abort();
  };
  addEventListener("focus", seen, { signal: gone.signal });
  document.addEventListener("visibilitychange", seen, { signal: gone.signal });
  return { ask };
}

/** Words where the task is gone; nothing where it is open or nobody could say. */
async function standing(url: string, say: Translate): Promise<string> {
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const body = await response.json();
    if (response.status === 404) return String(body.detail || say("This is no longer here."));
    if (!response.ok) return "";
    if (body.person !== person()) {
      someoneElse(String(body.name));
      return "";
    }
    return body.open ? "" : String(body.words);
  } catch {
    return "";
  }
}
