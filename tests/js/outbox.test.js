// The wire's logic without DOM: adaptive_xblocks/static/public/js/outbox.js.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { webcrypto } = require("node:crypto");
const outbox = require("../../adaptive_xblocks/static/public/js/outbox.js");

/** A clock and timers that only move when told to, and a fetch that plays `answers` one after the other. */
function world(answers) {
  const timers = new Map();
  const sent = [];
  let now = 0;
  let next = 1;
  const env = {
    now: () => now,
    random: () => 0.5,
    setTimeout(call, after) {
      timers.set(next, { at: now + after, call });
      next += 1;
      return next - 1;
    },
    clearTimeout: (id) => timers.delete(id),
    async fetch(url, options) {
      sent.push({ url, body: options.body, at: now });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === "hang") return hang(options.signal);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const settle = () => new Promise((resolve) => { setImmediate(resolve); });
  async function run(until) {
    await settle();
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= until).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      timers.delete(due[0]);
      now = due[1].at;
      due[1].call();
      await settle();
    }
    now = until;
  }
  return { env, sent, timers, run };
}

function hang(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
}

function json(status, body) {
  return { status, ok: status < 400, json: async () => body };
}

function page(status) {
  return { status, ok: status < 400, json: async () => { throw new SyntaxError("<html>"); } };
}

/** localStorage in memory; `broken` makes every call throw. */
function storage(broken) {
  const values = new Map();
  const guard = (call) => (...args) => {
    if (broken) throw new Error("storage is blocked");
    return call(...args);
  };
  return {
    getItem: guard((key) => (values.has(key) ? values.get(key) : null)),
    setItem: guard((key, value) => values.set(key, value)),
    removeItem: guard((key) => values.delete(key)),
    values,
  };
}

const receipt = (id) => ({ id: String(id), token: `signed-${id}` });
const POST = { method: "POST", body: '{"submission":"s1"}' };

test("pauses double from half a second and stop growing at 32 seconds", () => {
  const pauses = [0, 1, 2, 3, 4, 6, 9].map((attempt) => outbox.delay(attempt, 0.5));
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000, 32000, 32000]);
});

test("jitter keeps a pause within a quarter of its base", () => {
  assert.equal(outbox.delay(2, 0), 1500);
  assert.ok(outbox.delay(2, 0.999999) <= 2500);
});

test("a submission id is 32 hexadecimal digits and never the same twice", () => {
  const ids = new Set(Array.from({ length: 200 }, () => outbox.newId(webcrypto)));
  assert.equal(ids.size, 200);
  ids.forEach((id) => assert.match(id, /^[0-9a-f]{32}$/));
});

test("the same unsettled answer keeps its id, another answer gets another", () => {
  let made = 0;
  const ids = outbox.submissions(() => `id-${(made += 1)}`);
  const first = ids.idFor({ serving: 1, responses: { a: "7" } });
  assert.equal(ids.idFor({ serving: 1, responses: { a: "7" } }), first);
  assert.notEqual(ids.idFor({ serving: 1, responses: { a: "8" } }), first);
});

test("a settled answer given again is a new submission", () => {
  let made = 0;
  const ids = outbox.submissions(() => `id-${(made += 1)}`);
  const content = { serving: 1, responses: { a: "7" } };
  const first = ids.idFor(content);
  ids.settle(content);
  assert.notEqual(ids.idFor(content), first);
});

test("receipts are kept until they are confirmed", () => {
  const store = storage(false);
  const receipts = outbox.receipts(store, "key");
  receipts.keep([receipt(1), receipt(2)]);
  receipts.forget(["1"]);
  assert.deepEqual(outbox.receipts(store, "key").all(), [receipt(2)]);
  receipts.forget(["2"]);
  assert.equal(store.values.size, 0);
});

test("a receipt given again replaces the older one instead of doubling it", () => {
  const receipts = outbox.receipts(storage(false), "key");
  receipts.keep([receipt(1), receipt(2)]);
  receipts.keep([{ id: "1", token: "newer" }]);
  assert.deepEqual(receipts.all(), [receipt(2), { id: "1", token: "newer" }]);
});

test("at most 50 receipts are kept, the newest", () => {
  const receipts = outbox.receipts(storage(false), "key");
  receipts.keep(Array.from({ length: 60 }, (_, index) => receipt(index)));
  assert.equal(receipts.all().length, outbox.MAX_RECEIPTS);
  assert.deepEqual(receipts.all()[0], receipt(10));
});

test("receipts stay in memory where storage throws or is missing", () => {
  [storage(true), null].forEach((store) => {
    const receipts = outbox.receipts(store, "key");
    receipts.keep([receipt(1)]);
    assert.deepEqual(receipts.all(), [receipt(1)]);
    receipts.forget(["1"]);
    assert.deepEqual(receipts.all(), []);
  });
});

test("two learners or blocks on one machine do not see each other's receipts", () => {
  const store = storage(false);
  outbox.receipts(store, "ann:block").keep([receipt(1)]);
  assert.deepEqual(outbox.receipts(store, "ben:block").all(), []);
});

test("stored rubbish reads as no receipts and does not stop new ones", () => {
  for (const rubbish of ["{", "7", '{"id":1}', "null", '[1,null,{"id":"x"}]']) {
    const store = storage(false);
    store.setItem("key", rubbish);
    const receipts = outbox.receipts(store, "key");
    assert.deepEqual(receipts.all(), []);
    receipts.keep([receipt(1), { id: 7 }, null]);
    assert.deepEqual(receipts.all(), [receipt(1)]);
  }
});

test("a missing list of receipts or confirmations changes nothing", () => {
  const receipts = outbox.receipts(storage(false), "key");
  receipts.keep([receipt(1)]);
  receipts.keep(undefined);
  receipts.forget(undefined);
  assert.deepEqual(receipts.all(), [receipt(1)]);
});

test("a request that succeeds is sent once and leaves no timer behind", async () => {
  const { env, sent, timers } = world([json(200, { html: "<p></p>" })]);
  const outcome = await outbox.sender(env).send("/answer", POST, () => {});
  assert.deepEqual(outcome, { kind: "ok", status: 200, body: { html: "<p></p>" } });
  assert.equal(sent.length, 1);
  assert.equal(timers.size, 0);
});

test("cut network, 5xx, 408 and 429 are tried again with the very same body", async () => {
  const { env, sent, run } = world([
    new TypeError("cut"), json(503, {}), page(500), json(429, {}), json(408, {}), json(200, { ok: 1 }),
  ]);
  const pauses = [];
  const sending = outbox.sender(env).send("/answer", POST, (pause) => pauses.push(pause));
  await run(60000);
  assert.equal((await sending).kind, "ok");
  assert.deepEqual(pauses, [500, 1000, 2000, 4000, 8000]);
  assert.deepEqual(new Set(sent.map((request) => request.body)), new Set([POST.body]));
});

test("it gives up within about two minutes and can then send again", async () => {
  const { env, sent, run } = world([new TypeError("cut")]);
  const sender = outbox.sender(env);
  const sending = sender.send("/answer", POST, () => {});
  await run(200000);
  assert.equal((await sending).kind, "gave-up");
  assert.ok(sent.at(-1).at <= outbox.GIVE_UP_AFTER);
  assert.ok(sent.at(-1).at > outbox.GIVE_UP_AFTER / 2);
  assert.equal(sender.isBusy(), false);
});

test("without onRetry a failure is final at once", async () => {
  const { env, sent } = world([json(500, {})]);
  assert.equal((await outbox.sender(env).send("/state", POST, null)).kind, "gave-up");
  assert.equal(sent.length, 1);
});

test("a request that hangs is cut after half a minute and tried again", async () => {
  const { env, sent, run } = world(["hang", json(200, {})]);
  const sending = outbox.sender(env).send("/answer", POST, () => {});
  await run(31000);
  assert.equal((await sending).kind, "ok");
  assert.deepEqual(sent.map((request) => request.at), [0, 30500]);
});

test("never two requests at once: the second gets null and nothing is sent", async () => {
  const { env, sent, run } = world(["hang", json(200, {})]);
  const sender = outbox.sender(env);
  const sending = sender.send("/answer", POST, () => {});
  assert.equal(sender.isBusy(), true);
  assert.equal(await sender.send("/hint", POST, () => {}), null);
  await run(31000);
  await sending;
  assert.deepEqual(sent.map((request) => request.url), ["/answer", "/answer"]);
});

test("hurrying ends the pause at once", async () => {
  const { env, sent, run } = world([json(503, {}), json(200, {})]);
  const sender = outbox.sender(env);
  sender.hurry();
  const sending = sender.send("/answer", POST, () => {});
  await run(100);
  sender.hurry();
  assert.equal((await sending).kind, "ok");
  assert.deepEqual(sent.map((request) => request.at), [0, 100]);
});

test("a refusal with a sentence is final and keeps the sentence", async () => {
  const { env, sent } = world([json(409, { error: "That problem is over." })]);
  const outcome = await outbox.sender(env).send("/answer", POST, () => {});
  assert.deepEqual(outcome, { kind: "refused", status: 409, body: { error: "That problem is over." } });
  assert.equal(sent.length, 1);
});

test("a log-in page or a CSRF page instead of JSON reads as signed out", async () => {
  for (const status of [200, 401, 403]) {
    assert.equal((await outbox.read(page(status))).kind, "signed-out");
  }
});

test("a 404 page or JSON that is no object is refused or signed out, never a crash", async () => {
  assert.deepEqual(await outbox.read(page(404)), { kind: "refused", status: 404, body: {} });
  assert.equal((await outbox.read(json(200, null))).kind, "signed-out");
  assert.equal((await outbox.read(json(400, 7))).kind, "refused");
});

test("a later request is not hurt by one that gave up", async () => {
  const { env } = world([json(500, {}), json(200, { n: 2 })]);
  const sender = outbox.sender(env);
  await sender.send("/state", POST, null);
  assert.deepEqual((await sender.send("/answer", POST, null)).body, { n: 2 });
});

test("active seconds leave out hidden time and cap silence at a minute", () => {
  let now = 0;
  const watch = outbox.stopwatch(() => now);
  now = 5000;
  watch.pause();
  now = 500000;
  watch.resume();
  now = 502500;
  assert.equal(watch.seconds(), 7.5);
  now = 902500;
  assert.equal(watch.seconds(), 67.5);
});

test("the stopwatch starts anew for a new step", () => {
  let now = 1000;
  const watch = outbox.stopwatch(() => now);
  now = 9000;
  watch.touch();
  watch.restart();
  now = 9400;
  assert.equal(watch.seconds(), 0.4);
});
