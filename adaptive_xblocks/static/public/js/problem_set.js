/* The problem set's page: collect answers, send them, swap the part that the server gives back.
   args: {prefix, learner, messages}. `messages` holds these sentences, translated by the server:
     checking      "Checking…"
     loading       "One moment…"
     retrying      "The connection is slow or cut. What you typed is kept; trying again in {seconds} s."
     gave_up       "We could not reach the site. What you typed is kept and nothing was counted twice."
     signed_out    "You seem to be signed out. Sign in again in another tab, then try again.
                    What you typed is kept."
     refused       "That did not work. What you typed is kept; try again, or reload the page."
     empty         "Type or choose an answer first."
     updated       "Updated." */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});
  const ENGLISH = {
    checking: "Checking…",
    loading: "One moment…",
    retrying: "The connection is slow or cut. What you typed is kept; trying again in {seconds} s.",
    gave_up: "We could not reach the site. What you typed is kept and nothing was counted twice.",
    signed_out:
      "You seem to be signed out. Sign in again in another tab, then try again. What you typed is kept.",
    refused: "That did not work. What you typed is kept; try again, or reload the page.",
    empty: "Type or choose an answer first.",
    updated: "Updated.",
  };

  class Page {
    constructor(runtime, element, args) {
      this.section = suite.rootOf(element);
      this.find = (selector) => this.section.querySelector(selector);
      this.part = this.find("[data-ax-part]");
      this.net = this.find("[data-ax-net]");
      this.live = this.find("[data-ax-live]");
      this.url = (name) => runtime.handlerUrl(element, name);
      this.messages = { ...ENGLISH, ...(args.messages || {}) };
      this.showsAllSkills = false;
      this.again = null;
      this.quiet = null;
      this.isAsking = false;
      this.prepareOutbox(args);
      this.listen();
      this.wake();
    }

    prepareOutbox(args) {
      const { outbox } = suite;
      let storage = null;
      try {
        storage = window.localStorage;
      } catch {
        storage = null; // Blocked storage: receipts() keeps them in memory.
      }
      this.receipts = outbox.receipts(storage, `adaptive-xblocks:${args.learner}:${args.prefix}`);
      this.ids = outbox.submissions(() => outbox.newId(window.crypto));
      this.watch = outbox.stopwatch(() => Date.now());
      this.sender = outbox.sender({
        fetch: (url, options) => window.fetch(url, options),
        setTimeout: (call, after) => window.setTimeout(call, after),
        clearTimeout: (timer) => window.clearTimeout(timer),
        now: () => Date.now(),
        random: Math.random,
      });
    }

    listen() {
      this.section.addEventListener("submit", (event) => this.onSubmit(event));
      this.section.addEventListener("click", (event) => this.onClick(event));
      this.section.addEventListener("input", (event) => this.onInput(event));
      this.section.addEventListener("keydown", (event) => this.onKey(event));
      window.addEventListener("online", () => this.sender.hurry());
      window.addEventListener("load", () => suite.typeset(this.part), { once: true });
      document.addEventListener("visibilitychange", () => {
        if (document.hidden) this.watch.pause();
        else this.watch.resume();
      });
    }

    wake() {
      const notice = this.find("[data-ax-nojs]");
      if (notice) notice.remove();
      this.section.dataset.ready = "";
      suite.followTheme(this.section);
      suite.typeset(this.part);
      if (!this.receipts.all().length) return;
      this.quiet = this.offerReceipts();
    }

    /** The step that is open, over all problems; active time is counted per step. */
    get place() {
      const form = this.part.querySelector("[data-ax-form]");
      return `${this.serving} ${form ? form.dataset.step : ""}`;
    }

    get serving() {
      const item = this.part.querySelector("[data-serving]");
      return item ? Number(item.dataset.serving) : null;
    }

    onSubmit(event) {
      event.preventDefault();
      const form = event.target;
      const button = form.querySelector('[type="submit"]');
      if (!button) return;
      const blank = suite.fieldsOf(form).find((field) => !suite.valueOf(field).trim());
      if (blank) {
        this.say(this.messages.empty, button, false);
        suite.focusOn(form, blank.id);
        return;
      }
      const responses = suite.collect(form);
      this.ask("answer", { serving: this.serving, step: form.dataset.step, responses }, button);
    }

    onClick(event) {
      const button = event.target.closest("[data-ax-act]");
      if (!button || !this.section.contains(button)) return;
      const { serving } = this;
      const { axAct, step, item, reason } = button.dataset;
      const confirm = "confirm" in button.dataset;
      if (axAct === "skills") this.toggleSkills();
      else if (axAct === "open") this.togglePanel(button);
      else if (axAct === "close") this.closePanel(button.closest("[data-ax-panel]"));
      else if (axAct === "retry" && this.again) this.again();
      else if (axAct === "hint") this.ask("hint", { serving, step, confirm }, button);
      else if (axAct === "next") this.ask("next", { serving }, button);
      else if (axAct === "choose") this.ask("next", { serving, item }, button);
      else if (axAct === "skip") this.ask("skip", { serving, reason }, button);
      else if (axAct === "restart") this.ask("restart", {}, button);
    }

    onInput(event) {
      this.watch.touch();
      suite.unmark(event.target);
      if (!this.isAsking) this.hush();
    }

    onKey(event) {
      this.watch.touch();
      const panel = event.key === "Escape" ? event.target.closest("[data-ax-panel]") : null;
      if (panel) this.closePanel(panel);
    }

    toggleSkills() {
      this.showsAllSkills = !this.showsAllSkills;
      this.showSkills();
    }

    showSkills() {
      const button = this.find('[data-ax-act="skills"]');
      if (!button) return;
      button.setAttribute("aria-expanded", String(this.showsAllSkills));
      this.find(".ax-skills").toggleAttribute("data-all", this.showsAllSkills);
    }

    togglePanel(button) {
      const panel = this.find(`#${CSS.escape(button.dataset.opens)}`);
      if (!panel.hidden) {
        this.closePanel(panel);
        return;
      }
      panel.hidden = false;
      button.setAttribute("aria-expanded", "true");
      panel.querySelector("button").focus();
    }

    closePanel(panel) {
      panel.hidden = true;
      const opener = this.find(`[data-opens="${CSS.escape(panel.id)}"]`);
      opener.setAttribute("aria-expanded", "false");
      opener.focus();
    }

    /** What the learner asked for by `button`: one at a time; pressing again while it waits hurries it. */
    async ask(name, body, button) {
      if (this.isAsking) {
        this.sender.hurry();
        return;
      }
      this.isAsking = true;
      this.hush();
      this.again = () => {
        button.focus(); // "Try again" is about to be hidden
        this.ask(name, body, button);
      };
      const calm = suite.showBusy(button, this.part, this.busyWords(button));
      try {
        await this.quiet;
        const outcome = await this.post(name, body, (pause) => this.sayRetry(pause, button));
        calm();
        this.take(outcome, button);
      } finally {
        calm();
        this.isAsking = false;
      }
    }

    /** Offer receipts that an earlier page could not get confirmed: one try, nothing moves. */
    async offerReceipts() {
      const { body } = await this.post("state", {}, null);
      this.settleReceipts(body);
      const isElsewhere = !this.part.contains(document.activeElement);
      if (typeof body.html === "string" && isElsewhere && !this.isAsking) this.show(body);
    }

    async post(name, body, onRetry) {
      const content = { name, ...body };
      const options = suite.postOptions(this.dress(name, body, content));
      const outcome = await this.sender.send(this.url(name), options, onRetry);
      if (outcome.kind === "ok" || outcome.kind === "refused") this.ids.settle(content);
      return outcome;
    }

    dress(name, body, content) {
      const sent = { ...body, receipts: this.receipts.all() };
      if (["answer", "hint", "restart"].includes(name)) sent.submission = this.ids.idFor(content);
      if (name === "answer") sent.seconds = this.watch.seconds();
      return sent;
    }

    busyWords(button) {
      return button.dataset.busy === "check" ? this.messages.checking : this.messages.loading;
    }

    settleReceipts(body) {
      this.receipts.keep(body.receipts);
      this.receipts.forget(body.confirmed);
    }

    take({ kind, body }, button) {
      this.settleReceipts(body);
      if (typeof body.html === "string") {
        this.show(body);
        this.moveFocus(body.focus);
      }
      if (kind === "ok") {
        this.hush();
        suite.announce(this.live, body.announce || this.messages.updated);
        return;
      }
      const sentences = { "gave-up": this.messages.gave_up, "signed-out": this.messages.signed_out };
      this.say(body.error || sentences[kind] || this.messages.refused, button, kind !== "refused");
    }

    moveFocus(id) {
      if (suite.focusOn(this.part, id)) return;
      const heading = this.part.querySelector("h3[id]") || this.part.querySelector("h2[id]");
      if (heading) suite.focusOn(this.part, heading.id);
    }

    show(body) {
      const { place } = this;
      const [serving, typed, levels] = [this.serving, suite.typedIn(this.part), suite.levelsIn(this.part)];
      const open = Array.from(this.part.querySelectorAll("[data-keep][open]"), (node) => node.dataset.keep);
      this.section.append(this.net);
      suite.swap(this.part, body.html);
      if (this.serving === serving) suite.putBack(this.part, typed);
      open.forEach((key) => this.part.querySelector(`[data-keep="${key}"]`)?.setAttribute("open", ""));
      this.showSkills();
      suite.moveMeters(this.part, levels);
      if (this.place !== place) this.watch.restart();
      suite.typeset(this.part);
    }

    sayRetry(pause, button) {
      const seconds = Math.max(1, Math.round(pause / 1000));
      const sentence = suite.fill(this.messages.retrying, { seconds });
      if (this.net.hidden) suite.announce(this.live, sentence);
      this.showNet(sentence, button, false);
    }

    say(sentence, near, canRetry) {
      this.showNet(sentence, near, canRetry);
      suite.announce(this.live, sentence);
    }

    /** A sentence about the request, next to what was pressed as long as that is on the page. */
    showNet(sentence, near, canRetry) {
      this.net.querySelector("[data-ax-net-text]").textContent = sentence;
      this.net.querySelector("button").hidden = !canRetry;
      this.net.hidden = false;
      const place = near && this.part.contains(near) ? near.closest(".ax-q, .ax-row, .ax-foot, li") : null;
      if (place) place.after(this.net);
      else this.section.append(this.net);
    }

    hush() {
      this.net.hidden = true;
    }
  }

  root.AdaptiveProblemSet = function AdaptiveProblemSet(runtime, element, args) {
    return new Page(runtime, element, args);
  };
})(window);
