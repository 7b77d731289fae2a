/* "Your learning record" at the foot of every block: loaded when it is opened, reset after a question.
   One listener serves all blocks of the page; where to ask is written on each panel by the server. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});
  const ACTS = ["ask", "reset", "keep", "again"];

  /** What pressing a button of the panel means: {send, body} for the server, {act} for the page, null for nothing. */
  function meaning({ axRecordAct: act, scope }) {
    if (!ACTS.includes(act)) return null;
    if (act === "ask") return { send: "reset", body: { scope } };
    if (act === "reset") return { send: "reset", body: { scope, confirm: true } };
    return { act };
  }

  /** True if an outcome says that the record was reset. */
  function wasReset({ kind }, { body }) {
    return kind === "ok" && body.confirm === true;
  }

  /** The sentence for an outcome that is no page part; `said` is the one for all that the server says nothing of. */
  function complaint({ kind, body }, said) {
    return kind === "ok" && typeof body.html === "string" ? "" : body.error || said;
  }

  class Panel {
    constructor(node) {
      this.node = node;
      this.find = (selector) => node.querySelector(selector);
      this.turn = 0;
    }

    /** Ask the server and show what it says; a reply that a later request has overtaken is not shown. */
    async ask(request, takesFocus) {
      const turn = (this.turn += 1);
      const body = this.find("[data-ax-record-body]");
      this.again = () => this.ask(request, takesFocus);
      body.setAttribute("aria-busy", "true");
      const outcome = await this.send(request);
      if (turn !== this.turn) return;
      body.removeAttribute("aria-busy");
      this.show(outcome, takesFocus);
      if (wasReset(outcome, request)) {
        const options = { bubbles: true, detail: { scope: request.body.scope } };
        this.node.closest("[data-ax-root]").dispatchEvent(new CustomEvent("ax-record-reset", options));
      }
    }

    send({ send, body }) {
      const sender = suite.outbox.sender({
        fetch: (url, options) => window.fetch(url, options),
        setTimeout: (call, after) => window.setTimeout(call, after),
        clearTimeout: (timer) => window.clearTimeout(timer),
        now: () => Date.now(),
        random: Math.random,
      });
      return sender.send(this.node.dataset[send], suite.postOptions(body), null);
    }

    show(outcome, takesFocus) {
      const fault = this.find("[data-ax-record-fault]");
      const sentence = complaint(outcome, fault.firstElementChild.dataset.said);
      fault.hidden = !sentence;
      fault.firstElementChild.textContent = sentence;
      suite.announce(this.find("[data-ax-record-live]"), sentence || outcome.body.announce);
      if (sentence) return;
      suite.swap(this.find("[data-ax-record-body]"), suite.parse(outcome.body.html));
      if (takesFocus) suite.focusOn(this.node, outcome.body.focus);
    }

    keep() {
      const question = this.find("[data-ax-record-ask]");
      if (!question) return;
      question.remove();
      this.find('[data-ax-record-act="ask"]').focus();
    }

    press(button) {
      const wish = meaning(button.dataset);
      if (!wish) return;
      if (wish.send) this.ask(wish, true);
      else if (wish.act === "keep") this.keep();
      else this.again();
    }
  }

  function listen() {
    const panels = new WeakMap();
    const panelOf = (node) => {
      const found = node instanceof Element ? node.closest("[data-ax-record]") : null;
      if (found && !panels.has(found)) panels.set(found, new Panel(found));
      return found && panels.get(found);
    };
    const open = (event) => {
      const panel = panelOf(event.target);
      if (panel && panel.node.open) panel.ask({ send: "view", body: {} }, false);
    };
    document.addEventListener("toggle", open, true); // it does not bubble
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-ax-record-act]");
      if (button) panelOf(button).press(button);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && event.target.closest("[data-ax-record-ask]")) panelOf(event.target).keep();
    });
  }

  if (typeof document !== "undefined" && !suite.recordPanel) listen();
  suite.recordPanel = { meaning, wasReset, complaint };
  if (typeof module === "object" && module.exports) module.exports = suite.recordPanel;
})(typeof window === "undefined" ? globalThis : window);
