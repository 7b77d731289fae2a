// Lines that are put in order, without a DOM: where moves lead, and what is sent.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const parts = require("../../adaptive_xblocks/static/public/js/answer_parts.js");
const suite = require("../../adaptive_xblocks/static/public/js/adaptive_xblocks.js");

const line = (part, level = 0) => ({ part, level });
const STATE = { used: [line("2"), line("3", 1), line("1", 8)], out: [line("4")] };

function after(part, move) {
  const goal = parts.target(STATE, part, move);
  return goal && parts.written(parts.placed(STATE, part, goal), true);
}

test("lines go up and down by one, and not past the ends", () => {
  assert.equal(after("3", "up"), "3:1 2:0 1:8");
  assert.equal(after("3", "down"), "2:0 1:8 3:1");
  assert.equal(after("2", "up"), null);
  assert.equal(after("1", "down"), null);
});

test("lines are indented by levels from 0 to 8", () => {
  assert.equal(after("3", "in"), "2:0 3:2 1:8");
  assert.equal(after("3", "back"), "2:0 3:0 1:8");
  assert.equal(after("2", "back"), null);
  assert.equal(after("1", "in"), null);
});

test("lines are left out and come back as the last, at the margin", () => {
  assert.equal(after("3", "leave"), "2:0 1:8");
  assert.equal(after("4", "use"), "2:0 3:1 1:8 4:0");
  for (const move of ["up", "down", "in", "back", "leave"]) assert.equal(after("4", move), null);
  assert.equal(after("3", "use"), null);
});

test("a move leaves the state that it began from as it was", () => {
  const before = JSON.stringify(STATE);
  after("3", "in");
  assert.equal(JSON.stringify(STATE), before);
});

test("what is sent names indentation only where learners indent", () => {
  assert.equal(parts.written(STATE, false), "2 3 1");
});

test("a response lays the lines as it says, and what it does not name is left out", () => {
  assert.deepEqual(parts.read("4:2 2:0", STATE, true), {
    used: [line("4", 2), line("2")], out: [line("3", 1), line("1", 8)],
  });
  assert.deepEqual(parts.read("3 2", STATE, false).used, [line("3", 1), line("2")]);
});

test("a response that is none changes nothing", () => {
  for (const value of ["", " ", "9", "2 2", "2 x"]) assert.equal(parts.read(value, STATE, true), STATE);
});

test("what is written is read again", () => {
  assert.deepEqual(parts.read(parts.written(STATE, true), STATE, true), STATE);
});

test("arrow keys move, and indent in the direction of the text", () => {
  const field = { indents: true, extras: true, isRightToLeft: false };
  assert.equal(parts.moveOf("ArrowUp", field), "up");
  assert.equal(parts.moveOf("ArrowRight", field), "in");
  assert.equal(parts.moveOf("ArrowRight", { ...field, isRightToLeft: true }), "back");
  assert.equal(parts.moveOf("ArrowLeft", { ...field, isRightToLeft: true }), "in");
  assert.equal(parts.moveOf("Delete", field), "leave");
});

test("keys mean nothing where nothing can be done by them", () => {
  const field = { indents: false, extras: false, isRightToLeft: false };
  for (const key of ["ArrowLeft", "ArrowRight", "Delete", "Enter", "a"]) assert.equal(parts.moveOf(key, field), "");
});

test("dragging sideways indents by whole levels within the bounds", () => {
  assert.equal(parts.draggedLevel(1, 50), 3);
  assert.equal(parts.draggedLevel(1, 11), 1);
  assert.equal(parts.draggedLevel(1, -500), 0);
  assert.equal(parts.draggedLevel(1, 5000), 8);
});

// Controls as far as a field's answer needs them.
function control(type, values) {
  return { type, dataset: {}, matches: (selector) => type === selector, ...values };
}

function fieldset(...controls) {
  return { matches: (selector) => selector === "fieldset", querySelectorAll: () => controls };
}

test("an answer of several parts is one string", () => {
  const box = (value, checked) => control("checkbox", { value, checked, defaultChecked: false });
  assert.equal(suite.valueOf(fieldset(box("1", true), box("2", false), box("3", true))), "1 3");
  const select = (part, value) => control("select", {
    dataset: { part }, options: [{ value: "" }, { value: "2", selected: value === "2", defaultSelected: true }],
  });
  assert.equal(suite.valueOf(fieldset(select("1", "2"), select("2", ""))), "1=2");
  assert.equal(suite.valueOf(fieldset(control("hidden", { value: "3 1:1" }))), "3 1:1");
  assert.equal(suite.valueOf(control("text", { value: " 1/2 " })), " 1/2 ");
});

test("a field is unsent while it differs from what the server put there", () => {
  const hidden = (value, sent) => fieldset(control("hidden", { value, dataset: { sent } }));
  assert.equal(suite.isUnsent(hidden("1 2", "")), true);
  assert.equal(suite.isUnsent(hidden("1 2", "1 2")), false);
  assert.equal(suite.isUnsent(control("text", { value: "a", defaultValue: "a" })), false);
  assert.equal(suite.isUnsent(fieldset(control("checkbox", { value: "1", checked: false, defaultChecked: true }))), true);
});
