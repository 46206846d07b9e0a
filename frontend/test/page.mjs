/** A page for the Node tests: happy-dom's window as globals, the islands bundled once. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Window } from "happy-dom";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

export async function openPage() {
  const window = new Window({ url: "http://localhost/" });
  globalThis.window = window;
  for (const name of Object.getOwnPropertyNames(window)) {
    if (!(name in globalThis)) globalThis[name] = window[name];
  }
  for (const name of ["Event", "CustomEvent", "FormData"]) globalThis[name] = window[name];
  const out = mkdtempSync(join(here, "../node_modules/.duban-test-"));
  const output = { entryFileNames: "kit.mjs" };
  await build({
    root: join(here, ".."),
    configFile: false,
    logLevel: "silent",
    ssr: { noExternal: true },
    build: { ssr: join(here, "harness.ts"), outDir: out, emptyOutDir: true, rolldownOptions: { output } },
  });
  const kit = await import(pathToFileURL(join(out, "kit.mjs")));
  return { kit, window, close: () => rmSync(out, { recursive: true }) };
}

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
