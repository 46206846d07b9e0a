/** What leaves the form: answers, drafts, files; each with the CSRF token of the page, each answer read as words. */
import { ended, renewed, token } from "../shell/session";
import type { Translate } from "./texts";

export interface Finding {
  field?: string | null;
  element?: string | null;
  words: string;
  clause?: string | null;
}
export interface Answer {
  status: number;
  words: string;
  findings: Finding[];
  location?: string;
  body: Record<string, unknown>;
}

/** How a request is sent: `leaving`, while the page goes; `byItself`, when nobody has asked for it. */
export interface Manner {
  leaving?: boolean;
  byItself?: boolean;
}

/** Sends and never throws: a network that is away comes back as status 0 with words. Where the session is over, or another
 * of the same person has begun, the very same request goes once more with the new token. */
export async function send(url: string, method: string, body: unknown, say: Translate, manner: Manner = {}): Promise<Answer> {
  const first = await once(url, method, body, say, manner.leaving);
  if (manner.leaving || !ended(first.status, first.body.kind)) return first;
  if (await renewed(!manner.byItself)) return once(url, method, body, say);
  return { ...first, status: 401, words: say("You are signed out") };
}

async function once(url: string, method: string, body: unknown, say: Translate, keepalive = false): Promise<Answer> {
  const form = body instanceof FormData;
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": token() };
  if (!form) headers["Content-Type"] = "application/json";
  try {
    const response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      keepalive,
      body: form ? body : JSON.stringify(body),
    });
    return read(response.status, await response.json().catch(() => ({})), say);
  } catch {
    const words = say("The server cannot be reached. What you wrote is still here; try again.");
    return { status: 0, words, findings: [], body: {} };
  }
}

function read(status: number, body: Record<string, unknown>, say: Translate): Answer {
  const words = [body.detail, body.message, body.title].find((text) => typeof text === "string" && text) as string | undefined;
  const fallback = say("Something went wrong (code {status}). What you wrote is still here.", { status: `${status}` });
  return {
    status,
    words: words ?? fallback,
    findings: Array.isArray(body.findings) ? (body.findings as Finding[]) : [],
    location: typeof body.location === "string" ? body.location : undefined,
    body,
  };
}

export async function upload(url: string, field: string, file: File, say: Translate): Promise<{ id: string; name: string }> {
  const body = new FormData();
  body.append("field", field);
  body.append("file", file);
  const answer = await send(url, "POST", body, say);
  if (answer.status >= 300 || answer.status === 0) throw new Error(answer.words);
  return { id: String(answer.body.id), name: String(answer.body.name ?? file.name) };
}

/** A key that makes a second sending of the same answers harmless; crypto.randomUUID needs a secure page, this does not. */
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
