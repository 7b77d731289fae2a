// The parts of adaptive_xblocks.js and source_editor.js that need no DOM.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const suite = require("../../adaptive_xblocks/static/public/js/adaptive_xblocks.js");
const { lineRange, lineNumbers } = require("../../adaptive_xblocks/static/public/js/source_editor.js");

test("named places in a sentence are filled, unknown ones stay", () => {
  assert.equal(suite.fill("in {seconds} s, {other}", { seconds: 4 }), "in 4 s, {other}");
});

test("a value with a dollar sign or braces is put in as it is", () => {
  assert.equal(suite.fill("<{name}>", { name: "$& {name}" }), "<$& {name}>");
});

test("a cookie is found by its whole name and decoded", () => {
  const cookies = "xcsrftoken=no; csrftoken=a%3Db; other=1";
  assert.equal(suite.cookie("csrftoken", cookies), "a=b");
  assert.equal(suite.cookie("missing", cookies), "");
  assert.equal(suite.cookie("csrftoken", ""), "");
});

test("dark and light pages are told apart", () => {
  assert.equal(suite.isDark("rgb(23, 29, 36)"), true);
  assert.equal(suite.isDark("rgb(255, 255, 255)"), false);
});

test("a background that shows what is behind it says nothing about the page", () => {
  assert.equal(suite.isDark("rgba(0, 0, 0, 0)"), null);
  assert.equal(suite.isDark("transparent"), null);
});

test("a line's range holds the line without its break", () => {
  const text = "<a>\n  <b/>\n</a>";
  assert.deepEqual(lineRange(text, 2), [4, 10]);
  assert.equal(text.slice(...lineRange(text, 2)), "  <b/>");
});

test("a line before the first or after the last is the first or the last", () => {
  assert.deepEqual(lineRange("one\ntwo", 0), [0, 3]);
  assert.deepEqual(lineRange("one\ntwo", 99), [4, 7]);
  assert.deepEqual(lineRange("", 3), [0, 0]);
});

test("there is one number for each line, also for an empty last one", () => {
  assert.equal(lineNumbers("a\nb\n"), "1\n2\n3");
  assert.equal(lineNumbers(""), "1");
});
