/* Logic of the wire, without DOM: submission ids, backoff, receipts, one request at a time, when to ask, active time.
   Clock, timers, fetch and storage are arguments, so that node --test runs all of it. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  const FIRST_DELAY = 500; // milliseconds
  const LONGEST_DELAY = 32000;
  const GIVE_UP_AFTER = 120000;
  const REQUEST_TIMEOUT = 30000;
  const QUIET_TIMEOUT = 5000; // of a request that nobody waits for, but that the next one has to wait for
  const MAX_RECEIPTS = 50;
  const HOLD = 120000; // a slow request of before may still overwrite what a receipt is for
  const REST = 5000; // between two quiet questions
  const MAX_IDLE = 60; // seconds of silence that still count as thinking

  /** Milliseconds before retry number `attempt` (0-based), `random` in [0, 1): doubling, +- 25 % jitter. */
  function delay(attempt, random) {
    const base = Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY);
    return Math.round(base * (0.75 + random * 0.5));
  }

  /** A new submission id: 32 hexadecimal digits. */
  function newId(crypto) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Ids by content: the same unsettled answer gets the same id, whoever presses the button again. */
  function submissions(makeId) {
    const open = new Map();
    return {
      idFor(content) {
        const key = JSON.stringify(content);
        if (!open.has(key)) open.set(key, makeId());
        return open.get(key);
      },
      settle(content) {
        open.delete(JSON.stringify(content));
      },
    };
  }

  function isReceipt(entry) {
    return Boolean(entry) && typeof entry.id === "string" && typeof entry.token === "string";
  }

  /**
   * Receipts in `storage` under `key`, oldest first: [{id, token, at}]; in memory where storage refuses. They are
   * read anew each time, since other tabs write there too. `now` gives milliseconds.
   */
  function receipts(storage, key, now) {
    let unwritten = [];

    /** Of an older version, or of before the clock was set back: as if it came now. */
    function dated({ id, token, at }) {
      return { id, token, at: at <= now() ? at : now() };
    }

    function stored() {
      try {
        const list = JSON.parse(storage.getItem(key) || "[]");
        return Array.isArray(list) ? list.filter(isReceipt) : [];
      } catch {
        return [];
      }
    }

    function all() {
      const ids = new Set(unwritten.map(({ id }) => id));
      return [...stored().filter(({ id }) => !ids.has(id)), ...unwritten].map(dated);
    }

    function write(list) {
      unwritten = [];
      try {
        if (list.length) storage.setItem(key, JSON.stringify(list));
        else storage.removeItem(key);
      } catch {
        unwritten = list; // Private windows and full disks: this page's memory still offers them.
      }
    }

    return {
      all,
      /** What a reply says to a request sent at `sentAt`: a confirmed receipt goes only if it was HOLD old then. */
      settle({ receipts: came, confirmed }, sentAt) {
        const fresh = (came || []).filter(isReceipt).map(({ id, token }) => ({ id, token, at: now() }));
        const ids = new Set(fresh.map(({ id }) => id));
        const gone = new Set(confirmed || []);
        const held = all().filter(({ id, at }) => !ids.has(id) && !(gone.has(id) && sentAt - at >= HOLD));
        write([...held, ...fresh].slice(-MAX_RECEIPTS));
      },
      clear() {
        write([]);
      },
    };
  }

  /** A bell between tabs: what one rings is in the others' storage events. */
  function bell(storage, key) {
    return {
      ring() {
        try {
          storage.setItem(key, "rings");
          storage.removeItem(key);
        } catch {
          return; // They will ask when they are looked at.
        }
      },
      isIn: (event) => event.key === key && event.newValue !== null,
    };
  }

  /** `want()` has `ask` called soon: never twice within REST, never while `isBusy()`; many wants are one. */
  function calmly(env, isBusy, ask) {
    let last = -REST;
    let timer = null;

    function turn() {
      if (isBusy()) {
        timer = env.setTimeout(turn, REST);
        return;
      }
      timer = null;
      last = env.now();
      ask();
    }

    return {
      want() {
        const rest = Math.max(0, Math.min(REST, last + REST - env.now()));
        if (timer === null) timer = env.setTimeout(turn, rest);
      },
    };
  }

  function isTemporary(status) {
    return status >= 500 || status === 408 || status === 429;
  }

  /** Read a response: {kind: "ok"|"refused"|"signed-out"|"retry", status, body}. */
  async function read(response) {
    const status = response.status;
    if (isTemporary(status)) return { kind: "retry", status, body: {} };
    let body = null;
    try {
      body = await response.json();
    } catch {
      body = null;
    }
    if (body === null || typeof body !== "object") {
      const signedOut = response.ok || status === 401 || status === 403; // a log-in or CSRF page
      return { kind: signedOut ? "signed-out" : "refused", status, body: {} };
    }
    return { kind: response.ok ? "ok" : "refused", status, body };
  }

  /**
   * Sends one request at a time and retries the very same body while the failure may pass.
   * env: {fetch, setTimeout, clearTimeout, now, random}. `send` resolves to null while another is on its way,
   * else to read()'s shape or {kind: "gave-up"}; `onRetry(milliseconds)` is told before each wait, without it
   * there is one try only. A try is cut after `timeout` milliseconds.
   */
  function sender(env) {
    let busy = false;
    let wake = null;

    function wait(milliseconds) {
      return new Promise((resolve) => {
        const timer = env.setTimeout(resolve, milliseconds);
        wake = () => {
          env.clearTimeout(timer);
          resolve();
        };
      });
    }

    async function once(url, options, timeout) {
      const abort = new AbortController();
      const timer = env.setTimeout(() => abort.abort(), timeout);
      try {
        return await read(await env.fetch(url, { ...options, signal: abort.signal }));
      } catch {
        return { kind: "retry", status: 0, body: {} };
      } finally {
        env.clearTimeout(timer);
      }
    }

    async function persist(url, options, onRetry, timeout) {
      const deadline = env.now() + GIVE_UP_AFTER;
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await once(url, options, timeout);
        if (outcome.kind !== "retry") return outcome;
        const pause = delay(attempt, env.random());
        if (!onRetry || env.now() + pause > deadline) {
          return { kind: "gave-up", status: outcome.status, body: {} };
        }
        onRetry(pause);
        await wait(pause);
        wake = null;
      }
    }

    return {
      isBusy: () => busy,
      /** Try again now instead of after the pause (the network came back). */
      hurry() {
        if (wake) wake();
      },
      async send(url, options, onRetry, timeout = REQUEST_TIMEOUT) {
        if (busy) return null;
        busy = true;
        try {
          return await persist(url, options, onRetry, timeout);
        } finally {
          busy = false;
        }
      },
    };
  }

  /** Seconds spent actively: silence longer than a minute counts as a minute. `now` gives milliseconds. */
  function stopwatch(now) {
    let last = now();
    let total = 0;
    let running = true;

    function touch() {
      if (running) total += Math.min((now() - last) / 1000, MAX_IDLE);
      last = now();
    }

    return {
      touch,
      pause() {
        touch();
        running = false;
      },
      resume() {
        touch();
        running = true;
      },
      seconds() {
        touch();
        return Math.round(total * 10) / 10;
      },
      restart() {
        last = now();
        total = 0;
      },
    };
  }

  suite.outbox = {
    delay, newId, submissions, receipts, bell, calmly, read, sender, stopwatch, GIVE_UP_AFTER, MAX_RECEIPTS,
    HOLD, REST, QUIET_TIMEOUT,
  };
  if (typeof module === "object" && module.exports) module.exports = suite.outbox;
})(typeof window === "undefined" ? globalThis : window);
