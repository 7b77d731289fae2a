// The parts of record_panel.js that need no DOM: what a button means, what an outcome means.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { meaning, wasReset, complaint } = require("../../adaptive_xblocks/static/public/js/record_panel.js");

test("asking to start over sends the scope and no consent", () => {
  assert.deepEqual(meaning({ axRecordAct: "ask", scope: "course" }), { send: "reset", body: { scope: "course" } });
});

test("only the button of the question sends consent", () => {
  const sent = meaning({ axRecordAct: "reset", scope: "everywhere" });
  assert.deepEqual(sent, { send: "reset", body: { scope: "everywhere", confirm: true } });
});

test("keeping the record and trying again send nothing by themselves", () => {
  assert.deepEqual(meaning({ axRecordAct: "keep" }), { act: "keep" });
  assert.deepEqual(meaning({ axRecordAct: "again" }), { act: "again" });
});

test("a button that is not the panel's means nothing", () => {
  assert.equal(meaning({}), null);
  assert.equal(meaning({ axRecordAct: "constructor" }), null);
});

test("a record was reset only when consent was sent and the server took it", () => {
  const consent = { send: "reset", body: { scope: "course", confirm: true } };
  assert.equal(wasReset({ kind: "ok", body: {} }, consent), true);
  assert.equal(wasReset({ kind: "ok", body: {} }, { send: "reset", body: { scope: "course" } }), false);
  assert.equal(wasReset({ kind: "ok", body: {} }, { send: "view", body: {} }), false);
  for (const kind of ["refused", "signed-out", "gave-up", "retry"]) {
    assert.equal(wasReset({ kind, body: {} }, consent), false);
  }
});

test("a page part is no complaint", () => {
  assert.equal(complaint({ kind: "ok", body: { html: "" } }, "That did not work."), "");
});

test("the server's own sentence is said before ours", () => {
  assert.equal(complaint({ kind: "refused", body: { error: "Not here." } }, "That did not work."), "Not here.");
});

test("what brings no page part and no sentence gets ours", () => {
  for (const kind of ["ok", "refused", "signed-out", "gave-up"]) {
    assert.equal(complaint({ kind, body: {} }, "That did not work."), "That did not work.");
  }
});
