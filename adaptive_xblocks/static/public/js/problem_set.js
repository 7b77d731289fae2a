/* The problem set's page: collect answers, send them, swap the part that the server gives back.
   args: {prefix, learner, messages}. `messages` are CLIENT_MESSAGES of problem_set_client.py, translated. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  function join(...sentences) {
    return sentences.filter(Boolean).join(" ");
  }

  class Page {
    constructor(runtime, element, args) {
      this.section = suite.rootOf(element);
      this.find = (selector) => this.section.querySelector(selector);
      this.part = this.find("[data-ax-part]");
      this.drawn = this.part.innerHTML;
      this.net = this.find("[data-ax-net]");
      this.live = this.find("[data-ax-live]");
      this.url = (name) => runtime.handlerUrl(element, name);
      this.messages = args.messages;
      this.noticeId = `${args.prefix}-notice`;
      this.showsAllSkills = false;
      this.again = null;
      this.quiet = null;
      this.isAsking = false;
      this.isStale = false;
      this.prepareOutbox(`adaptive-xblocks:${args.learner}:${args.prefix}`);
      this.listen();
      this.wake();
      suite.comfort(this.section, { key: `${args.learner}:${args.prefix}`, words: args.speech });
    }

    prepareOutbox(key) {
      const [{ outbox }, env] = [suite, suite.environment()];
      this.bell = outbox.bell(env.storage, `${key}:went-on`);
      this.receipts = outbox.receipts(env.storage, key, env.now);
      this.ids = outbox.submissions(() => outbox.newId(window.crypto));
      this.watch = outbox.stopwatch(env.now);
      this.sender = outbox.sender(env);
      this.calm = outbox.calmly(env, () => this.isAsking || this.sender.isBusy(), () => {
        this.quiet = this.look();
      });
    }

    listen() {
      this.section.addEventListener("submit", (event) => this.onSubmit(event));
      this.section.addEventListener("click", (event) => this.onClick(event));
      this.section.addEventListener("input", (event) => this.onInput(event));
      this.section.addEventListener("keydown", (event) => this.onKey(event));
      document.addEventListener("ax-record-reset", () => this.onReset()); // of any block: all of them lose it
      window.addEventListener("load", () => suite.typeset(this.part), { once: true });
      window.addEventListener("online", () => {
        this.sender.hurry();
        this.wonder();
      });
      window.addEventListener("pageshow", (event) => {
        if (event.persisted) this.wonder();
      });
      window.addEventListener("storage", (event) => {
        if (this.bell.isIn(event)) this.wonder();
      });
      document.addEventListener("visibilitychange", () => {
        if (document.hidden) this.watch.pause();
        else this.watch.resume();
        this.wonder();
      });
    }

    wake() {
      const notice = this.find("[data-ax-nojs]");
      if (notice) notice.remove();
      this.section.dataset.ready = "";
      suite.followTheme(this.section);
      suite.parts?.listen(this.section, this.messages, (sentence) => suite.announce(this.live, sentence));
      suite.typeset(this.part);
      const [how] = performance.getEntriesByType("navigation");
      this.isStale = how?.type === "back_forward"; // the browser may show what it was sent at first
      if (this.isStale || this.receipts.all().length) this.calm.want();
    }

    /** Somebody may have gone on elsewhere: ask soon, if somebody looks and there is anything to do here. */
    wonder() {
      if (!document.hidden && this.part.querySelector("[data-busy]")) this.calm.want();
    }

    onReset() {
      this.receipts.clear();
      this.isStale = true;
      this.calm.want();
      this.bell.ring();
    }

    onSubmit(event) {
      event.preventDefault();
      const form = event.target;
      const button = form.querySelector('[type="submit"]');
      if (!button) return;
      const blank = suite.fieldsOf(form).find((field) => !suite.valueOf(field).trim());
      if (blank) {
        this.say(blank.dataset.blank || this.messages.empty, button, false);
        suite.focusOn(form, blank.id);
        return;
      }
      const responses = suite.collect(form);
      this.ask("answer", { ...suite.handIn(this.part), step: form.dataset.step, responses }, button);
    }

    onClick(event) {
      const button = event.target.closest("[data-ax-act]");
      if (!button || !this.section.contains(button)) return;
      const hand = suite.handIn(this.part);
      const { axAct, step, item, reason } = button.dataset;
      const confirm = "confirm" in button.dataset;
      if (axAct === "skills") this.showSkills(!this.showsAllSkills);
      else if (axAct === "open") suite.togglePanel(this.section, button);
      else if (axAct === "close") suite.closePanel(this.section, button.closest("[data-ax-panel]"));
      else if (axAct === "retry" && this.again) this.again();
      else if (axAct === "hint") this.ask("hint", { ...hand, step, confirm }, button);
      else if (axAct === "next") this.ask("next", hand, button);
      else if (axAct === "choose") this.ask("next", { ...hand, item }, button);
      else if (axAct === "skip") this.ask("skip", { ...hand, reason }, button);
      else if (axAct === "rate") this.ask("rate", { ...hand, ...suite.ratingOf(button.dataset) }, button);
      else if (axAct === "restart") this.ask("restart", {}, button);
    }

    onInput(event) {
      this.watch.touch();
      suite.unmark(event.target);
      if (!this.isAsking && !this.net.dataset.kind) this.hush();
    }

    onKey(event) {
      this.watch.touch();
      const panel = event.key === "Escape" ? event.target.closest("[data-ax-panel]") : null;
      if (panel) suite.closePanel(this.section, panel);
    }

    showSkills(all) {
      this.showsAllSkills = all;
      const button = this.find('[data-ax-act="skills"]');
      if (!button) return;
      button.setAttribute("aria-expanded", String(all));
      this.find(".ax-skills").toggleAttribute("data-all", all);
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
      const onRetry = (pause) => this.sayRetry(pause, button);
      const words = this.messages[button.dataset.busy === "check" ? "checking" : "loading"];
      const calm = suite.showBusy(button, this.part, words);
      try {
        await this.quiet;
        let outcome = await this.post(name, body, onRetry);
        if (this.isThere(name, body, outcome.body)) outcome = await this.post("state", body, onRetry);
        calm();
        this.take(outcome, button);
      } finally {
        calm();
        this.isAsking = false;
      }
    }

    /** Ask where the learner is: one short try. Nothing moves without a change, nor under typing hands. */
    async look() {
      const { body } = await this.post("state", suite.handIn(this.part), null, suite.outbox.QUIET_TIMEOUT);
      if (typeof body.html !== "string" || this.isAsking) return;
      const [part, place, { isStale }] = [suite.parse(body.html), suite.placeIn(this.part), this];
      this.isStale = false;
      const isTyping = suite.isSameHand(part, this.part) && suite.fieldsOf(this.part).some(suite.isUnsent);
      if (!isStale && (isTyping || part.innerHTML === this.drawn)) return;
      const focused = this.part.contains(document.activeElement) && document.activeElement.closest("[id]");
      const lost = this.show(part);
      if (focused && !suite.focusOn(this.part, focused.id)) this.moveFocus("");
      if (this.part.textContent.includes(this.find("[data-ax-net-text]").textContent)) this.hush();
      if (!isStale && suite.placeIn(part) !== place) this.tell(body.announce, this.messages.elsewhere, lost);
    }

    async post(name, body, onRetry, timeout) {
      const content = { name, ...body };
      const sentAt = Date.now();
      const options = suite.postOptions(this.dress(name, body, content));
      const outcome = await this.sender.send(this.url(name), options, onRetry, timeout);
      if (outcome.kind === "ok" || outcome.kind === "refused") this.ids.settle(content);
      this.receipts.settle(outcome.body, sentAt);
      return outcome;
    }

    dress(name, body, content) {
      const sent = { ...body, receipts: this.receipts.all().map(({ token }) => token) };
      if (["answer", "hint", "restart"].includes(name)) sent.submission = this.ids.idFor(content);
      if (name === "answer") sent.seconds = this.watch.seconds();
      return sent;
    }

    /** True if the server says that the problem on the page was not in hand. */
    isOvertaken(body) {
      return body.focus === this.noticeId;
    }

    /** True if the learner is just where this was to lead: the first reply was lost, or another tab was faster. */
    isThere(name, { serving }, body) {
      const goesOn = name === "next" || name === "skip";
      return goesOn && this.isOvertaken(body) && body.state.serving === serving + 1;
    }

    take({ kind, body }, button) {
      let lost = [];
      if (typeof body.html === "string") {
        lost = this.show(suite.parse(body.html));
        this.moveFocus(body.focus);
      }
      if (kind === "ok") {
        this.hush();
        this.tell(body.announce, "", this.isOvertaken(body) ? lost : []);
        this.bell.ring();
        return;
      }
      const sentences = { "gave-up": this.messages.gave_up, "signed-out": this.messages.signed_out };
      this.say(body.error || sentences[kind] || this.messages.refused, button, kind !== "refused");
      if (kind === "refused") this.calm.want(); // receipts are taken in also where answers are not
    }

    moveFocus(id) {
      const heading = this.part.querySelector("h3[id]") || this.part.querySelector("h2[id]");
      if (!suite.focusOn(this.part, id) && heading) suite.focusOn(this.part, heading.id);
    }

    /** Put the server's part in place; gives what was typed and has no field any more. */
    show(part) {
      const [place, stays] = [suite.placeIn(this.part), suite.isSameHand(part, this.part)];
      const [typed, unsent] = [suite.typedIn(this.part), suite.unsentIn(this.part)];
      const levels = suite.levelsIn(this.part);
      const open = Array.from(this.part.querySelectorAll("[data-keep][open]"), (node) => node.dataset.keep);
      this.part.after(this.net);
      this.drawn = part.innerHTML;
      suite.swap(this.part, part);
      if (stays) suite.putBack(this.part, typed);
      suite.parts?.prepare(this.part, this.messages);
      open.forEach((key) => this.part.querySelector(`[data-keep="${key}"]`)?.setAttribute("open", ""));
      this.showSkills(this.showsAllSkills);
      suite.moveMeters(this.part, levels);
      suite.typeset(this.part);
      if (suite.placeIn(this.part) === place) return [];
      this.watch.restart();
      return unsent;
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

    /** Say what the page shows already (`shown`), else `sentence`; and what was typed and is gone from the page. */
    tell(shown, sentence, lost) {
      const answer = lost.map((text) => `\u2068${text}\u2069`).join(", "); // each in its own direction
      const typed = answer && suite.fill(this.messages.had_typed, { answer });
      const added = join(shown ? "" : sentence, typed);
      if (added) {
        this.showNet(added, null, false);
        this.net.dataset.kind = "info";
        const notice = shown && this.find(`#${CSS.escape(this.noticeId)}`);
        if (notice) notice.after(this.net);
        else this.part.querySelector(".ax-card")?.before(this.net);
      }
      suite.announce(this.live, join(shown, added));
    }

    /** A sentence about the request, next to what was pressed as long as that is on the page. */
    showNet(sentence, near, canRetry) {
      this.net.querySelector("[data-ax-net-text]").textContent = sentence;
      this.net.querySelector("button").hidden = !canRetry;
      delete this.net.dataset.kind;
      this.net.hidden = false;
      const place = near && this.part.contains(near) ? near.closest(".ax-q, .ax-row, .ax-foot, li") : null;
      if (place) place.after(this.net);
      else this.part.after(this.net);
    }

    hush() {
      this.net.hidden = true;
    }
  }

  root.AdaptiveProblemSet = function AdaptiveProblemSet(runtime, element, args) {
    return new Page(runtime, element, args);
  };
})(window);
