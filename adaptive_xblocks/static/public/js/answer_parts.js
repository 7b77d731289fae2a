/* Lines that are put in order, by buttons, keys and dragging. Loaded where a problem set asks for an order.
   A state is {used, out}: lists of {part, level}, part being a line's handle. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  const MOST_LEVELS = 8;
  const LEVEL_WIDTH = 24; // px, of the style sheet
  const DRAG_AFTER = 5; // px
  const NAME_LENGTH = 60;
  const VERTICAL = { ArrowUp: "up", ArrowDown: "down" };
  const SIDEWAYS = { ArrowRight: "in", ArrowLeft: "back" };

  /** Where a move leads, as {isOut, place, level}; null where it leads nowhere. */
  function target({ used, out }, part, move) {
    const at = used.findIndex((one) => one.part === part);
    if (at < 0) return move === "use" ? { isOut: false, place: used.length, level: 0 } : null;
    const { level } = used[at];
    const places = { up: at - 1, down: at + 1, in: at, back: at };
    const levels = { in: level + 1, back: level - 1 };
    const goal = { isOut: move === "leave", place: places[move] ?? out.length, level: levels[move] ?? level };
    const isThere = goal.isOut || (move !== "use" && goal.place >= 0 && goal.place < used.length);
    return isThere && goal.level >= 0 && goal.level <= MOST_LEVELS ? goal : null;
  }

  /** The state with a line at its goal. */
  function placed({ used, out }, part, { isOut, place, level }) {
    const without = (lines) => lines.filter((one) => one.part !== part);
    const next = { used: without(used), out: without(out) };
    next[isOut ? "out" : "used"].splice(place, 0, { part, level });
    return next;
  }

  /** A state as the server reads it. */
  function written({ used }, indents) {
    return used.map(({ part, level }) => (indents ? `${part}:${level}` : part)).join(" ");
  }

  /** The state that a response describes, of a field that stands in `state`; as it stands if it describes none. */
  function read(value, state, indents) {
    const lines = new Map([...state.used, ...state.out].map((one) => [one.part, one]));
    const used = value.split(" ").filter(Boolean).map((token) => {
      const [part, level] = token.split(":");
      const line = lines.get(part);
      lines.delete(part);
      return line && { part, level: indents ? Number(level || 0) : line.level };
    });
    return used.length && used.every(Boolean) ? { used, out: [...lines.values()] } : state;
  }

  /** The move that a key means, "" for none. */
  function moveOf(key, { indents, extras, isRightToLeft }) {
    if (extras && (key === "Delete" || key === "Backspace")) return "leave";
    const sideways = indents && SIDEWAYS[key];
    if (!sideways) return VERTICAL[key] || "";
    return isRightToLeft ? { in: "back", back: "in" }[sideways] : sideways;
  }

  /** The level of a line that was dragged sideways by so many pixels. */
  function draggedLevel(level, pixels) {
    return Math.min(MOST_LEVELS, Math.max(0, level + Math.round(pixels / LEVEL_WIDTH)));
  }

  const linesOf = (list) => (list ? Array.from(list.children) : []);
  const listsOf = (field) => [field.querySelector("[data-lines]"), field.querySelector("[data-out]")];
  const isRightToLeft = (field) => getComputedStyle(listsOf(field)[0]).direction === "rtl";
  const indentsOf = (field) => "indent" in field.dataset;

  function stateOf(field) {
    const [used, out] = listsOf(field).map((list) => linesOf(list).map(({ dataset }) => (
      { part: dataset.part, level: Number(dataset.level) })));
    return { used, out };
  }

  function lay(field, state) {
    const lines = new Map(listsOf(field).flatMap(linesOf).map((line) => [line.dataset.part, line]));
    [state.used, state.out].forEach((wanted, number) => wanted.forEach(({ part, level }, at) => {
      const [line, list] = [lines.get(part), listsOf(field)[number]];
      line.dataset.level = level;
      if (list.children[at] !== line) list.insertBefore(line, list.children[at] || null);
    }));
  }

  function nameOf(line) {
    const text = line.querySelector(".ax-line-text").textContent.trim().replace(/\s+/g, " ");
    return text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH - 1)}…` : text;
  }

  /** Where a line is, in words. */
  function placeOf(field, part, messages) {
    const { used } = stateOf(field);
    const at = used.findIndex((one) => one.part === part);
    if (at < 0) return messages.line_out;
    const { level } = used[at];
    const sentence = level && indentsOf(field) ? messages.line_level : messages.line_at;
    return suite.fill(sentence, { place: at + 1, count: used.length, level });
  }

  /** Say on every line where it is, and on its buttons where they would take it. */
  function label(field, messages) {
    const state = stateOf(field);
    listsOf(field).flatMap(linesOf).forEach((line) => {
      const { part } = line.dataset;
      line.querySelector("[data-place]").textContent = `${placeOf(field, part, messages)}: `;
      line.querySelectorAll("[data-move]").forEach((button) => {
        const goal = target(state, part, button.dataset.move);
        button.dataset.name = button.dataset.name || button.getAttribute("aria-label");
        button.toggleAttribute("data-idle", !goal);
        button.setAttribute("aria-disabled", String(!goal));
        const words = { line: nameOf(line), place: goal?.place + 1, level: goal?.level };
        const name = goal ? suite.fill(messages[`line_${button.dataset.move}`], words) : button.dataset.name;
        button.setAttribute("aria-label", name);
      });
    });
  }

  function activate(line) {
    line.closest("fieldset").querySelectorAll(".ax-line").forEach((one) => {
      one.toggleAttribute("data-active", one === line);
      one.querySelector(".ax-pick").setAttribute("aria-expanded", String(one === line));
    });
  }

  /** Lay the lines of every field as its answer says, and name them. */
  function prepare(scope, messages) {
    scope.querySelectorAll('[data-type="order"]').forEach((field) => {
      const { value } = field.querySelector("input");
      lay(field, read(value, stateOf(field), indentsOf(field)));
      label(field, messages);
      const [first] = listsOf(field).flatMap(linesOf);
      activate(field.querySelector("[data-active]") || first);
    });
  }

  class Mover {
    constructor(section, messages, say) {
      Object.assign(this, { section, messages, say, drag: null });
      section.addEventListener("click", (event) => this.onClick(event));
      section.addEventListener("keydown", (event) => this.onKey(event));
      section.addEventListener("focusin", (event) => this.onFocus(event));
      section.addEventListener("pointerdown", (event) => this.onDown(event));
      section.addEventListener("pointermove", (event) => this.onMove(event));
      section.addEventListener("pointerup", (event) => this.onUp(event));
      section.addEventListener("pointercancel", () => this.drop());
      section.addEventListener("dragstart", (event) => event.target.closest(".ax-line") && event.preventDefault());
    }

    onClick({ target: at }) {
      const [line, button] = [at.closest(".ax-line"), at.closest("[data-move]")];
      if (button) this.move(line, button.dataset.move, button);
      else if (line) activate(line);
    }

    onFocus({ target: at }) {
      const line = at.closest(".ax-line");
      if (line) activate(line);
    }

    onKey(event) {
      if (event.key === "Escape") this.drop();
      const line = event.target.closest(".ax-line");
      if (!line || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const field = line.closest("fieldset");
      const move = moveOf(event.key, {
        indents: indentsOf(field), extras: "extras" in field.dataset, isRightToLeft: isRightToLeft(field),
      });
      if (!move) return;
      event.preventDefault();
      this.move(line, move, event.target);
    }

    move(line, move, focused) {
      const field = line.closest("fieldset");
      const goal = target(stateOf(field), line.dataset.part, move);
      if (goal) this.commit(field, placed(stateOf(field), line.dataset.part, goal), line, focused);
    }

    /** Lay the lines as they are now meant to be, let the page know, and say where the moved one is. */
    commit(field, state, line, focused) {
      const answer = field.querySelector("input");
      lay(field, state);
      answer.value = written(state, indentsOf(field));
      answer.dispatchEvent(new Event("input", { bubbles: true }));
      label(field, this.messages);
      activate(line);
      const isShown = focused && getComputedStyle(focused).display !== "none";
      (isShown ? focused : line.querySelector(".ax-pick")).focus({ preventScroll: true });
      line.scrollIntoView({ block: "nearest" });
      this.say(placeOf(field, line.dataset.part, this.messages));
    }

    onDown(event) {
      const { target: at, clientX, clientY, button, pointerType } = event;
      const isHandle = at.closest(pointerType === "mouse" ? ".ax-pick" : ".ax-grip");
      if (!isHandle || button || at.closest("fieldset").disabled) return;
      const line = at.closest(".ax-line");
      const field = line.closest("fieldset");
      const state = stateOf(field);
      this.drag = { line, field, state, next: state, clientX, clientY, level: Number(line.dataset.level), moves: false };
    }

    onMove(event) {
      const { drag } = this;
      if (!drag || !drag.line.isConnected) return;
      const [x, y] = [event.clientX - drag.clientX, event.clientY - drag.clientY];
      if (!drag.moves) {
        if (Math.hypot(x, y) < DRAG_AFTER) return;
        drag.moves = true;
        drag.field.setPointerCapture(event.pointerId);
        drag.line.dataset.dragged = "";
      }
      drag.next = placed(drag.state, drag.line.dataset.part, this.goalAt(event.clientY, x));
      lay(drag.field, drag.next);
    }

    goalAt(y, x) {
      const { line, field, level } = this.drag;
      const [used, out] = listsOf(field);
      const isOut = Boolean(out) && y > out.parentElement.getBoundingClientRect().top;
      const others = linesOf(isOut ? out : used).filter((one) => one !== line);
      const place = others.filter((one) => {
        const box = one.getBoundingClientRect();
        return box.top + box.height / 2 < y;
      }).length;
      const sideways = isRightToLeft(field) ? -x : x;
      return { isOut, place, level: isOut || !indentsOf(field) ? level : draggedLevel(level, sideways) };
    }

    onUp() {
      const { drag } = this;
      this.drag = null;
      if (!drag || !drag.moves || !drag.line.isConnected) return;
      delete drag.line.dataset.dragged;
      const moved = JSON.stringify(drag.next) !== JSON.stringify(drag.state);
      if (moved) this.commit(drag.field, drag.next, drag.line, null);
    }

    /** Leave off dragging: the lines go back to where they were. */
    drop() {
      const { drag } = this;
      this.drag = null;
      if (!drag || !drag.moves || !drag.line.isConnected) return;
      delete drag.line.dataset.dragged;
      lay(drag.field, drag.state);
    }
  }

  suite.parts = {
    target, placed, written, read, moveOf, draggedLevel, prepare,
    listen(section, messages, say) {
      prepare(section, messages);
      return new Mover(section, messages, say);
    },
  };
  if (typeof module === "object" && module.exports) module.exports = suite.parts;
})(typeof window === "undefined" ? globalThis : window);
