/** The form island against a server of the test's own: what is sent, and what each answer shows. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { openPage, wait } from "./page.mjs";

const given = {
  revision: 7,
  submit: "提交",
  data: { reason: "<img src=x onerror=alert(1)>", sign: { name: "李敏", password: "secret" } },
  schema: {
    type: "default",
    components: [
      { type: "textfield", id: "a", key: "reason", label: "理由", validate: { required: true } },
      { type: "textfield", id: "b", key: "sign", label: "签名", properties: { type: "signature" }, validate: { required: true } },
    ],
  },
};
let page;
let sent;
let reply;
let element;

before(async () => {
  page = await openPage();
});
after(() => page.close());

beforeEach(async () => {
  sent = [];
  globalThis.fetch = async (url, options) => {
    sent.push({ url, ...options, body: JSON.parse(options.body) });
    return new Response(JSON.stringify(reply.body), { status: reply.status });
  };
  document.documentElement.lang = "zh-CN";
  document.head.innerHTML = '<meta name="csrf-token" content="token">';
  document.body.innerHTML = '<div data-island="form" data-action="/send" data-draft="/draft"><script type="application/json"></script></div>';
  element = document.querySelector("[data-island]");
  element.querySelector("script").textContent = JSON.stringify(given);
  await page.kit.mount(element);
  await wait(50);
});

async function send(status, body) {
  reply = { status, body };
  element.querySelector(".form-bar button").click();
  await wait(50);
  return sent.find(({ url }) => url === "/send");
}

test("answers go with revision, key and token", async () => {
  const { method, headers, body } = await send(422, { findings: [{ field: null, words: "不行" }] });
  assert.equal(method, "POST");
  assert.equal(headers["X-CSRFToken"], "token");
  assert.equal(body.revision, 7);
  assert.match(body.key, /^[0-9a-f]{32}$/);
  assert.deepEqual(body.answers, given.data);
});

test("a finding stands at its field and in the summary, with its clause", async () => {
  await send(422, { findings: [{ field: "reason", words: "理由不足", clause: "B-14" }, { field: null, words: "人数不足" }] });
  const summary = element.querySelector(".form-summary");
  assert.equal(document.activeElement, summary);
  assert.match(summary.textContent, /还有 2 处需要处理.*理由 — 理由不足（B-14）.*人数不足/s);
  assert.match(element.querySelector(".fjs-form-field-error").textContent, /理由不足/);
});

test("words are text, never markup", async () => {
  await send(422, { findings: [{ field: "reason", words: "<b>粗</b>" }] });
  assert.equal(element.querySelectorAll("b, img").length, 0);
});

test("who comes too late keeps what was typed, without the password", async () => {
  await send(409, { detail: "已由李敏办结。" });
  const box = element.querySelector(".form-summary");
  assert.match(box.textContent, /已由李敏办结。/);
  assert.equal(box.querySelector(".kept").textContent, `理由：${given.data.reason}`);
  assert.equal(element.querySelector(".form-bar button").disabled, false);
});

test("a draft holds no password", async () => {
  reply = { status: 200, body: {} };
  const input = element.querySelector(".fjs-form-field-textfield input");
  input.value = "新的理由";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("blur"));
  await wait(2400);
  const { method, body } = sent.find(({ url }) => url === "/draft");
  assert.equal(method, "PUT");
  assert.deepEqual(body.answers, { reason: "新的理由" });
  assert.ok(!JSON.stringify(sent).includes("secret"));
});

test("nothing is sent while a required field is empty", async () => {
  const input = element.querySelector(".fjs-form-field-textfield input");
  input.value = " \u200b";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("blur"));
  await wait(400);
  assert.equal(await send(200, {}), undefined);
  assert.match(element.querySelector(".form-summary").textContent, /此项必填。/);
});
