/* The Source editor in Studio: the author's OLX as text, its faults by line, settings beside it.
   args: {prefix, messages}. `messages`, translated by the server:
     saving       "Saving…"
     save         "Save"
     saved_draft  "Saved as a draft. Learners still get the last version that worked."
     not_saved    "Not saved: the site could not be reached or refused. Your text is still here; try again."
     line         "Line {line}"
     stops        "Stops it"
     look         "Worth a look" */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});
  const ENGLISH = {
    saving: "Saving…",
    save: "Save",
    saved_draft: "Saved as a draft. Learners still get the last version that worked.",
    not_saved: "Not saved: the site could not be reached or refused. Your text is still here; try again.",
    line: "Line {line}",
    stops: "Stops it",
    look: "Worth a look",
  };

  /** Where line `number` (1-based, clamped) stands in `text`: [start, end) without its line break. */
  function lineRange(text, number) {
    const lines = text.split("\n");
    const index = Math.min(Math.max(number, 1), lines.length) - 1;
    const start = lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
    return [start, start + lines[index].length];
  }

  /** "1\n2\n…" for as many lines as `text` has. */
  function lineNumbers(text) {
    return Array.from({ length: text.split("\n").length }, (_, index) => index + 1).join("\n");
  }

  class Editor {
    constructor(runtime, element, args) {
      this.runtime = runtime;
      this.section = suite.rootOf(element);
      this.find = (selector) => this.section.querySelector(selector);
      this.content = this.find("[data-ax-content]");
      this.lines = this.find("[data-ax-lines]");
      this.button = this.find('[type="submit"]');
      this.messages = { ...ENGLISH, ...((args && args.messages) || {}) };
      this.url = runtime.handlerUrl(element, "save_source");
      this.wasSaved = false;
      this.isSaving = false;
      this.remember();
      this.number();
      this.listen();
      suite.followTheme(this.section);
    }

    listen() {
      this.content.addEventListener("input", () => this.number());
      this.content.addEventListener("scroll", () => { this.lines.scrollTop = this.content.scrollTop; });
      this.section.addEventListener("submit", (event) => {
        event.preventDefault();
        this.save();
      });
      this.section.addEventListener("click", (event) => this.onClick(event));
      this.section.addEventListener("keydown", (event) => this.onKey(event));
      window.addEventListener("beforeunload", (event) => {
        if (this.section.isConnected && this.isChanged()) event.preventDefault();
      });
    }

    onClick(event) {
      const button = event.target.closest("[data-ax-act]");
      if (!button) return;
      const act = button.dataset.axAct;
      if (act === "jump") this.jump(Number(button.dataset.line));
      else if (act === "cancel") this.close();
      else if (act === "discard") this.leave();
      else if (act === "keep") this.ask(false);
    }

    onKey(event) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    }

    read() {
      const fields = Array.from(this.section.querySelectorAll("[data-ax-setting]"));
      const settings = Object.fromEntries(fields.map((field) => [field.dataset.axSetting, field.value]));
      return { content: this.content.value, settings };
    }

    remember() {
      this.clean = JSON.stringify(this.read());
    }

    isChanged() {
      return JSON.stringify(this.read()) !== this.clean;
    }

    number() {
      const numbers = lineNumbers(this.content.value);
      if (this.lines.textContent !== numbers) this.lines.textContent = numbers;
    }

    /** Select a line and bring it into view. */
    jump(number) {
      const [start, end] = lineRange(this.content.value, number);
      const height = parseFloat(getComputedStyle(this.content).lineHeight);
      this.content.focus();
      this.content.setSelectionRange(start, end);
      this.content.scrollTop = Math.max(0, (number - 4) * height);
      this.content.scrollLeft = 0;
    }

    notify(name, data) {
      if (typeof this.runtime.notify === "function") this.runtime.notify(name, data);
    }

    close() {
      if (this.isChanged()) this.ask(true);
      else this.leave();
    }

    ask(shows) {
      this.find("[data-ax-panel]").hidden = !shows;
      if (shows) this.find('[data-ax-act="keep"]').focus();
      else this.content.focus();
    }

    /** Close the window; after a save Studio also shows the block anew. */
    leave() {
      this.remember();
      if (!this.wasSaved) {
        this.notify("cancel", {});
        return;
      }
      this.notify("save", { state: "start" });
      this.notify("save", { state: "end" });
    }

    async save() {
      if (this.isSaving) return;
      this.isSaving = true;
      this.button.setAttribute("aria-disabled", "true");
      this.button.textContent = this.messages.saving;
      this.find("[data-ax-panel]").hidden = true;
      const sent = this.read();
      let body = {};
      try {
        const response = await window.fetch(this.url, suite.postOptions(sent));
        body = await response.json();
        if (!response.ok) body = { saved: false, message: body.error || body.message, faults: body.faults };
      } catch {
        body = { saved: false };
      }
      this.isSaving = false;
      this.button.removeAttribute("aria-disabled");
      this.button.textContent = this.messages.save;
      this.take(body, sent);
    }

    take(body, sent) {
      if (Array.isArray(body.faults)) this.list(body.faults);
      if (body.saved) {
        this.clean = JSON.stringify(sent);
        this.wasSaved = true;
      }
      if (body.saved && body.live) {
        if (!this.isChanged()) this.leave();
        return;
      }
      const sentence = body.message || (body.saved ? this.messages.saved_draft : this.messages.not_saved);
      this.find("[data-ax-net-text]").textContent = sentence;
      this.find("[data-ax-net]").hidden = false;
      suite.announce(this.find("[data-ax-live]"), sentence);
      if (body.faults && body.faults.length) this.find("[data-ax-faults]").focus();
    }

    list(faults) {
      this.find("[data-ax-list]").replaceChildren(...faults.map((fault) => this.row(fault)));
    }

    row(fault) {
      const row = document.createElement("li");
      row.dataset.level = fault.level;
      const level = document.createElement("span");
      level.className = "ax-level";
      level.textContent = fault.level === "error" ? this.messages.stops : this.messages.look;
      const text = document.createElement("span");
      const element = fault.element ? `<${fault.element}> ` : "";
      text.textContent = `${element}${fault.problem} ${fault.remedy || ""}`;
      row.append(level, " ", ...(fault.line ? [this.jumper(fault.line), " "] : []), text);
      return row;
    }

    jumper(line) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ax-quiet";
      button.dataset.axAct = "jump";
      button.dataset.line = line;
      button.textContent = suite.fill(this.messages.line, { line });
      return button;
    }
  }

  root.AdaptiveSourceEditor = function AdaptiveSourceEditor(runtime, element, args) {
    return new Editor(runtime, element, args);
  };
  if (typeof module === "object" && module.exports) module.exports = { lineRange, lineNumbers };
})(typeof window === "undefined" ? globalThis : window);
