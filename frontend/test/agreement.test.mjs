/** The browser's half of tests/forms/cases.json: form-js with our services hides, sends and refuses what the server does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openPage, wait } from "./page.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const cases = JSON.parse(readFileSync(join(here, "../../tests/forms/cases.json"), "utf8"));
let kit;
let page;

before(async () => {
  page = await openPage();
  kit = page.kit;
});
after(() => page.close());

/** What form-js leaves empty is no answer; neither is what is not ticked. */
function full(value) {
  if (Array.isArray(value)) return value.map(full);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).map(([key, part]) => [key, full(part)]);
  return Object.fromEntries(kept.filter(([, part]) => part !== null && part !== false && !(typeof part === "string" && !part.replace(/[\s\u00ad\u200b-\u200f\u2060-\u2064\u3164\ufeff]/g, "")) && !(Array.isArray(part) && !part.length)));
}

async function open({ form: name, facts = {}, typed }) {
  const ours = (formFields) => formFields.register("datetime", kit.DateField);
  ours.$inject = ["formFields"];
  const container = document.createElement("div");
  document.body.append(container);
  const form = new kit.Form({ container, now: cases.now, additionalModules: [{ __init__: [ours], ...kit.agreement }] });
  const own = cases.forms[name].components.map((component) => component.key ?? component.path);
  const read = Object.fromEntries(Object.entries(facts).filter(([key]) => !own.includes(key)));
  await form.importSchema(cases.forms[name], { ...read, ...typed });
  await wait(30);
  return form;
}

for (const each of cases.cases) {
  test(each.name, async () => {
    const form = await open(each);
    assert.deepEqual(full(kit.answers(form)), full(each.sent));
    const errors = form.validate();
    const wrong = Object.keys(errors).map((id) => form.get("formFieldRegistry").get(id).key);
    assert.deepEqual(wrong.sort(), each.wrong);
    form.destroy();
  });
}

test("English names of a diagram take the place of the Chinese ones", () => {
  const task = { name: "签收", $attrs: { "duban:nameEn": "Sign for" } };
  kit.inEnglish({ rootElements: [{ flowElements: [task] }] });
  assert.equal(task.name, "Sign for");
});
