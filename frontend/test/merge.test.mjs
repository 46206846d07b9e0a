/** Two windows on one form: what each of them keeps, and what is asked. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openPage } from "./page.mjs";

let page;
before(async () => {
  page = await openPage();
});
after(() => page.close());

const merge = (...given) => page.kit.merge(...given);

test("what only the other window changed comes in", () => {
  assert.deepEqual(merge({ a: "", b: "x" }, { a: "", b: "mine" }, { a: "theirs", b: "x" }), { take: { a: "theirs" }, both: [] });
});

test("what both changed is asked, and nothing of it is taken", () => {
  assert.deepEqual(merge({ a: "x" }, { a: "mine" }, { a: "theirs" }), { take: {}, both: ["a"] });
});

test("both wrote the same: nothing to ask", () => {
  assert.deepEqual(merge({ a: null }, { a: { y: 1, x: [2] } }, { a: { x: [2], y: 1 } }), { take: {}, both: [] });
});

test("a field that the other window did not show keeps its text", () => {
  assert.deepEqual(merge({ a: "x" }, { a: "mine" }, {}), { take: {}, both: [] });
});

test("a field that this window does not show comes in", () => {
  assert.deepEqual(merge({}, {}, { hidden: "theirs" }), { take: { hidden: "theirs" }, both: [] });
});

test("clearing a field is a change", () => {
  assert.deepEqual(merge({ a: "x" }, { a: "x" }, { a: null }), { take: { a: null }, both: [] });
});
