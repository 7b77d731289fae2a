// The parts of comfort.js that need no DOM: sizes, voices, how a formula is said, a storage that is blocked.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const {
  memory, readSize, nextSize, voiceFor, sayFormula, ratingOf,
} = require("../../adaptive_xblocks/static/public/js/comfort.js");

const WORDS = {
  "/": "over", mixed: "and", "^": "to the power of", "√": "the square root of", "+": "plus", "−": "minus", "×": "times",
  "÷": "divided by", "=": "equals", "≠": "is not equal to", "≈": "is about", "<": "is less than",
  ">": "is greater than", "≤": "is at most", "≥": "is at least", blank: "blank",
};

function said(line) {
  return sayFormula(line, WORDS).replace(/\s+/g, " ").trim();
}

function voice(lang, localService = true) {
  return { lang, localService };
}

test("sizes go round, and what is stored is one of them or the usual one", () => {
  assert.deepEqual([100, 125, 150].map(nextSize), [125, 150, 100]);
  assert.deepEqual(["125", 150, null, undefined, "", "9999", "x", "125px", "-1"].map(readSize), [
    125, 150, 100, 100, 100, 100, 100, 100, 100,
  ]);
});

test("a fraction is said with its parts, a mixed number with an and", () => {
  assert.equal(said("1/2"), "1 over 2");
  assert.equal(said("1 3/4 + 2/3"), "1 and 3 over 4 plus 2 over 3");
  assert.equal(said("(a + b)/2"), "(a plus b) over 2");
});

test("signs are said in words, whichever of them is written", () => {
  assert.equal(said("-3 − x - 1 = 2·y"), "minus 3 minus x minus 1 equals 2 times y");
  assert.equal(said("x^2 ≤ √(4) ≠ 3 ÷ 1 ≈ 3"), "x to the power of 2 is at most the square root of (4) is not equal to 3 "
    + "divided by 1 is about 3");
  assert.equal(said("a < b > c"), "a is less than b is greater than c");
});

test("a hyphen within a word stays one", () => {
  assert.equal(said("well-known = 1"), "well-known equals 1");
});

test("a voice of the language is taken, its own region first", () => {
  const voices = [voice("en-US"), voice("es-ES"), voice("es_MX")];
  assert.equal(voiceFor("es", voices), voices[1]);
  assert.equal(voiceFor("es-MX", voices), voices[2]);
  assert.equal(voiceFor("es-419", voices), voices[1]);
  assert.equal(voiceFor("EN", voices), voices[0]);
});

test("a voice that sends the text elsewhere is never taken", () => {
  assert.equal(voiceFor("en", [voice("en-US", false)]), undefined);
  assert.equal(voiceFor("en", []), undefined);
});

test("a browser that keeps nothing is survived", () => {
  assert.equal(memory("noSuchStorage", "key"), null);
  assert.equal(memory("noSuchStorage", "key", "value"), null);
});

test("a rating's button says what it is about", () => {
  const about = { step: "s1", help: "h1", end: "" };
  assert.deepEqual(ratingOf({ ...about, helpful: "", axAct: "rate" }), { ...about, helpful: true });
  assert.deepEqual(ratingOf({ ...about, busy: "hint" }), { ...about, helpful: false });
});
