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

/** A quiet question by the world's clock; `asked` holds when it was asked. */
function asking() {
  const { env, run } = world([]);
  const [asked, state] = [[], { isBusy: false }];
  return { env, run, asked, state, quiet: outbox.calmly(env, () => state.isBusy, () => asked.push(env.now())) };
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

/** Receipts in `store` by a clock of the test's own: `clock.now` is set by hand. */
function held(store, now = 1e6, key = "key") {
  const clock = { now };
  const receipts = outbox.receipts(store, key, () => clock.now);
  const ids = () => receipts.all().map(({ id }) => id);
  return { receipts, clock, ids };
}

const came = (...ids) => ({ receipts: ids.map(receipt) });
const confirmed = (...ids) => ({ confirmed: ids.map(String) });
const { HOLD } = outbox;

test("a receipt is stored with the time it came at", () => {
  const { receipts } = held(storage(false), 1000);
  receipts.settle(came(1), 900);
  assert.deepEqual(receipts.all(), [{ id: "1", token: "signed-1", at: 1000 }]);
});

test("a receipt goes once a request that was sent two minutes after it came confirms it", () => {
  const store = storage(false);
  const { receipts, ids } = held(store, 1000);
  receipts.settle(came(1, 2), 900);
  receipts.settle(confirmed(1), 1000 + HOLD);
  assert.deepEqual(ids(), ["2"]);
  receipts.settle(confirmed(2), 1000 + HOLD);
  assert.equal(store.values.size, 0);
});

test("a receipt that is confirmed sooner is offered on: a slow request may still overwrite its answer", () => {
  const { receipts, clock, ids } = held(storage(false), 1000);
  receipts.settle(came(1), 900);
  receipts.settle(confirmed(1), 1000 + HOLD - 1);
  clock.now = 1000 + 10 * HOLD; // its reply may come as late as it likes
  receipts.settle(confirmed(1), 1000 + HOLD - 1);
  assert.deepEqual(ids(), ["1"]);
});

test("a receipt that nobody confirms is kept however old it is", () => {
  const { receipts, clock, ids } = held(storage(false), 1000);
  receipts.settle(came(1), 900);
  clock.now = 1000 + 1000 * HOLD;
  receipts.settle(confirmed(2), clock.now);
  assert.deepEqual(ids(), ["1"]);
});

test("a receipt of a version that stored no time works, and counts as one that came now", () => {
  const store = storage(false);
  store.setItem("key", JSON.stringify([receipt(1)]));
  const { receipts, clock, ids } = held(store, 1000);
  assert.deepEqual(ids(), ["1"]);
  receipts.settle(confirmed(1), 1000);
  clock.now = 1000 + HOLD;
  receipts.settle({}, clock.now);
  assert.deepEqual(ids(), ["1"]);
  receipts.settle(confirmed(1), clock.now);
  assert.deepEqual(ids(), []);
});

test("after the clock was set back a receipt counts as young, and does not stay for ever", () => {
  [storage(false), storage(true)].forEach((store) => {
    const { receipts, clock, ids } = held(store, 1e9);
    receipts.settle(came(1), 1e9);
    clock.now = 1000;
    receipts.settle(confirmed(1), 1000);
    assert.deepEqual(receipts.all(), [{ ...receipt(1), at: 1000 }]);
    clock.now = 1000 + HOLD;
    receipts.settle(confirmed(1), clock.now);
    assert.deepEqual(ids(), []);
  });
});

test("a receipt given again replaces the older one and is as young as its reply", () => {
  const { receipts, clock, ids } = held(storage(false), 1000);
  receipts.settle(came(1, 2), 900);
  clock.now = 1000 + HOLD;
  receipts.settle({ receipts: [{ id: "1", token: "newer" }], confirmed: ["1"] }, clock.now);
  assert.deepEqual(receipts.all()[1], { id: "1", token: "newer", at: clock.now });
  assert.deepEqual(ids(), ["2", "1"]);
});

test("at most 50 receipts are kept, the newest", () => {
  const { receipts, ids } = held(storage(false));
  receipts.settle(came(...Array(60).keys()), 0);
  assert.equal(ids().length, outbox.MAX_RECEIPTS);
  assert.equal(ids()[0], "10");
});

test("two tabs that share storage lose neither's receipts and drop each other's when they are confirmed", () => {
  const store = storage(false);
  const [one, other] = [held(store, 1000), held(store, 1000)];
  one.receipts.settle(came(1), 900);
  other.receipts.settle(came(2), 900);
  one.receipts.settle(came(3), 900);
  assert.deepEqual(other.ids(), ["1", "2", "3"]);
  other.receipts.settle(confirmed(1, 3), 1000 + HOLD);
  one.receipts.settle({}, 1000 + HOLD);
  assert.deepEqual(one.ids(), ["2"]);
});

test("a receipt that another tab has just got again is not dropped by a request of before", () => {
  const store = storage(false);
  const [one, other] = [held(store, 1000), held(store, 1000)];
  one.receipts.settle(came(1), 900);
  const sentAt = 1000 + HOLD;
  other.clock.now = one.clock.now = sentAt + 10;
  other.receipts.settle(came(1), sentAt);
  one.receipts.settle(confirmed(1), sentAt);
  assert.deepEqual(one.ids(), ["1"]);
});

test("receipts stay in memory where storage throws or is missing", () => {
  [storage(true), null].forEach((store) => {
    const { receipts, ids } = held(store, 1000);
    receipts.settle(came(1), 1000);
    receipts.settle(came(2), 1000);
    assert.deepEqual(ids(), ["1", "2"]);
    receipts.settle(confirmed(1, 2), 1000 + HOLD);
    assert.deepEqual(ids(), []);
  });
});

test("on a full disk the new receipts are in memory beside those that are stored", () => {
  const store = storage(false);
  const { receipts, ids } = held(store);
  receipts.settle(came(1), 0);
  store.setItem = () => { throw new Error("the disk is full"); };
  receipts.settle(came(2), 0);
  assert.deepEqual(ids(), ["1", "2"]);
});

test("a reset drops all receipts of the block, in storage and in memory", () => {
  [storage(false), storage(true)].forEach((store) => {
    const { receipts, ids } = held(store);
    receipts.settle(came(1, 2), 0);
    receipts.clear();
    assert.deepEqual(ids(), []);
  });
});

test("two learners or blocks on one machine do not see each other's receipts", () => {
  const store = storage(false);
  held(store, 0, "ann:block").receipts.settle(came(1), 0);
  assert.deepEqual(held(store, 0, "ben:block").ids(), []);
});

test("stored rubbish reads as no receipts and does not stop new ones", () => {
  for (const rubbish of ["{", "7", '{"id":1}', "null", '[1,null,{"id":"x"}]']) {
    const store = storage(false);
    store.setItem("key", rubbish);
    const { receipts, ids } = held(store);
    assert.deepEqual(ids(), []);
    receipts.settle({ receipts: [receipt(1), { id: 7 }, null] }, 0);
    assert.deepEqual(ids(), ["1"]);
  }
});

test("a reply without receipts or confirmations changes nothing", () => {
  const { receipts, ids } = held(storage(false));
  receipts.settle(came(1), 0);
  receipts.settle({}, 2 * HOLD);
  assert.deepEqual(ids(), ["1"]);
});

test("a bell is heard by other tabs of the same block, once, and leaves nothing in storage", () => {
  const store = storage(false);
  const events = [];
  store.setItem = (key, newValue) => events.push({ key, newValue });
  store.removeItem = (key) => events.push({ key, newValue: null });
  outbox.bell(store, "ann:block").ring();
  assert.deepEqual(events.map(outbox.bell(store, "ann:block").isIn), [true, false]);
  assert.deepEqual(events.map(outbox.bell(store, "ann:other").isIn), [false, false]);
});

test("a bell without storage is silent", () => {
  [storage(true), null].forEach((store) => outbox.bell(store, "key").ring());
});

test("wanting to know makes one quiet question, at once", async () => {
  const { env, run, asked, quiet } = asking();
  quiet.want();
  quiet.want();
  await run(1);
  assert.deepEqual(asked, [0]);
  assert.equal(env.now(), 1);
});

test("a quiet question is not asked again within its rest, but asked after it", async () => {
  const { run, asked, quiet } = asking();
  quiet.want();
  await run(1000);
  quiet.want();
  quiet.want();
  await run(60000);
  assert.deepEqual(asked, [0, outbox.REST]);
});

test("while a request runs the quiet question waits", async () => {
  const { run, asked, quiet, state } = asking();
  state.isBusy = true;
  quiet.want();
  await run(2 * outbox.REST + 1);
  assert.deepEqual(asked, []);
  state.isBusy = false;
  quiet.want();
  await run(60000);
  assert.deepEqual(asked, [3 * outbox.REST]);
});

test("after the clock was set back the quiet question waits no longer than its rest", () => {
  const timers = [];
  let now = 1e9;
  const setTimeout = (call, after) => timers.push({ call, after });
  const quiet = outbox.calmly({ now: () => now, setTimeout }, () => false, () => {});
  quiet.want();
  timers[0].call();
  now = 1000;
  quiet.want();
  assert.deepEqual(timers.map(({ after }) => after), [0, outbox.REST]);
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

test("a quiet request that hangs is cut after five seconds: the next one waits for it", async () => {
  const { env, sent, run } = world(["hang"]);
  const sending = outbox.sender(env).send("/state", POST, null, outbox.QUIET_TIMEOUT);
  await run(5000);
  assert.equal((await sending).kind, "gave-up");
  assert.equal(sent.length, 1);
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
