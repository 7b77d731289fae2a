/* Lines that are put in order, by buttons, keys and dragging. Loaded where a problem set asks for an order.
   A state is {used, out}: lists of {part, level}, part being a line's handle. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  const MOST_LEVELS = 8;
  const LEVEL_WIDTH = 24; // px, of the style sheet
  const DRAG_AFTER = 5; // px
  const NAME_LENGTH = 60;
  const STEPS = { up: [-1, 0], down: [1, 0], in: [0, 1], back: [0, -1] }; // places, levels
  const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowRight: "in", ArrowLeft: "back", Delete: "leave" };
  const MIRRORED = { in: "back", back: "in" };

  /** Where a move leads, as {isOut, place, level}; null where it leads nowhere. */
  function target({ used, out }, part, move) {
    const at = used.findIndex((one) => one.part === part);
    if (at < 0) return move === "use" ? { isOut: false, place: used.length, level: 0 } : null;
    if (move === "leave") return { isOut: true, place: out.length, level: used[at].level };
    const [places, levels] = STEPS[move] || [NaN, NaN];
    const [place, level] = [at + places, used[at].level + levels];
    return place >= 0 && place < used.length && level >= 0 && level <= MOST_LEVELS ? { isOut: false, place, level } : null;
  }

  /** The state with a line at its goal. */
  function placed({ used, out }, part, { isOut, place, level }) {
    const [next, left] = [used, out].map((lines) => lines.filter((one) => one.part !== part));
    (isOut ? left : next).splice(place, 0, { part, level });
    return { used: next, out: left };
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

  /** The move that a key means in a field with those things to do, "" for none. */
  function moveOf(key, { indents, extras, isRightToLeft }) {
    const move = KEYS[key] || "";
    if (move === "leave") return extras ? move : "";
    if (!MIRRORED[move]) return move;
    return indents ? (isRightToLeft ? MIRRORED[move] : move) : "";
  }

  /** The level of a line that was dragged sideways by so many pixels. */
  function draggedLevel(level, pixels) {
    return Math.min(MOST_LEVELS, Math.max(0, level + Math.round(pixels / LEVEL_WIDTH)));
  }

  /** What moves in a field: its lists, its lines by their handles, what can be done. */
  function partsOf(field) {
    const lists = ["[data-lines]", "[data-out]"].map((one) => field.querySelector(one));
    const lines = Array.from(field.querySelectorAll(".ax-line"));
    const stateOf = (list) => (list ? Array.from(list.children, ({ dataset }) => (
      { part: dataset.part, level: Number(dataset.level) })) : []);
    return {
      lists, lines, answer: field.querySelector("input"), state: { used: stateOf(lists[0]), out: stateOf(lists[1]) },
      indents: "indent" in field.dataset, extras: "extras" in field.dataset,
      isRightToLeft: getComputedStyle(lists[0]).direction === "rtl",
    };
  }

  function lay(field, state) {
    const { lists, lines } = partsOf(field);
    [state.used, state.out].forEach((wanted, number) => wanted.forEach(({ part, level }, at) => {
      const line = lines.find(({ dataset }) => dataset.part === part);
      const there = lists[number].children[at];
      line.dataset.level = level;
      if (there !== line) lists[number].insertBefore(line, there || null);
    }));
  }

  /** Where a line is, in words. */
  function placeOf(field, part, messages) {
    const { state: { used }, indents } = partsOf(field);
    const at = used.findIndex((one) => one.part === part);
    const level = indents && used[at]?.level;
    const sentence = at < 0 ? "line_out" : level ? "line_level" : "line_at";
    return suite.fill(messages[sentence], { place: at + 1, count: used.length, level });
  }

  /** Say on every line where it is, and on its buttons where they would take it. */
  function label(field, messages) {
    const { state, lines } = partsOf(field);
    lines.forEach((line) => {
      const { part } = line.dataset;
      const text = line.querySelector(".ax-line-text").textContent.trim().replace(/\s+/g, " ");
      const name = text.length > NAME_LENGTH ? `${text.slice(0, NAME_LENGTH - 1)}…` : text;
      line.querySelector("[data-place]").textContent = `${placeOf(field, part, messages)}: `;
      line.querySelectorAll("[data-move]").forEach((button) => {
        const { move } = button.dataset;
        const goal = target(state, part, move);
        button.title = button.title || button.getAttribute("aria-label");
        button.setAttribute("aria-disabled", !goal);
        button.setAttribute("aria-label", goal ? suite.fill(
          messages[`line_${move}`], { line: name, place: goal.place + 1, level: goal.level }) : button.title);
      });
    });
  }

  function activate(active) {
    active.closest("fieldset").querySelectorAll(".ax-line").forEach((line) => {
      line.toggleAttribute("data-active", line === active);
      line.querySelector(".ax-pick").setAttribute("aria-expanded", line === active);
    });
  }

  /** Lay the lines of every field as its answer says, and name them. */
  function prepare(scope, messages) {
    scope.querySelectorAll('[data-type="order"]').forEach((field) => {
      const { answer, state, indents, lines } = partsOf(field);
      lay(field, read(answer.value, state, indents));
      label(field, messages);
      activate(lines.find((line) => "active" in line.dataset) || lines[0]);
    });
  }

  /** Make the lines in a section move; `say` is told where a moved line is. */
  function listen(section, messages, say) {
    let drag = null;
    const on = (name, call) => section.addEventListener(name, (event) => {
      const line = event.target.closest(".ax-line");
      call(event, line, line?.closest("fieldset"));
    });

    /** Lay the lines as they are now meant to be, let the page know, and keep the focus on the moved one. */
    function commit(field, state, line, focused) {
      const { answer, indents } = partsOf(field);
      lay(field, state);
      answer.value = written(state, indents);
      answer.dispatchEvent(new Event("input", { bubbles: true }));
      label(field, messages);
      activate(line);
      (focused?.getClientRects().length ? focused : line.querySelector(".ax-pick")).focus({ preventScroll: true });
      line.scrollIntoView({ block: "nearest" });
      say(placeOf(field, line.dataset.part, messages));
    }

    function shift(field, line, move, focused) {
      const { state } = partsOf(field);
      const goal = target(state, line.dataset.part, move);
      if (goal) commit(field, placed(state, line.dataset.part, goal), line, focused);
    }

    /** Where a dragged line would land at a height, `x` px beside where it began. */
    function goalAt({ line, field, level }, y, x) {
      const { lists: [used, out], indents, isRightToLeft } = partsOf(field);
      const isOut = Boolean(out) && y > out.parentElement.getBoundingClientRect().top;
      const place = Array.from((isOut ? out : used).children).filter((one) => {
        const box = one.getBoundingClientRect();
        return one !== line && box.top + box.height / 2 < y;
      }).length;
      return { isOut, place, level: isOut || !indents ? level : draggedLevel(level, isRightToLeft ? -x : x) };
    }

    /** End dragging: the lines stay where they are, or go back to where they were. */
    function drop(keeps) {
      const { line, field, state, next } = drag || {};
      drag = null;
      if (!next || !line.isConnected) return;
      delete line.dataset.dragged;
      if (!keeps) lay(field, state);
      else if (JSON.stringify(next) !== JSON.stringify(state)) commit(field, next, line);
    }

    on("click", (event, line, field) => {
      const button = event.target.closest("[data-move]");
      if (button) shift(field, line, button.dataset.move, button);
      else if (line) activate(line);
    });
    on("focusin", (event, line) => line && activate(line));
    on("keydown", (event, line, field) => {
      if (event.key === "Escape") drop(false);
      if (!line || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const move = moveOf(event.key, partsOf(field));
      if (!move) return;
      event.preventDefault();
      shift(field, line, move, event.target);
    });
    on("pointerdown", ({ target: at, clientX, clientY, button, pointerType }, line, field) => {
      const isHeld = at.closest(pointerType === "mouse" ? ".ax-pick" : ".ax-grip");
      if (!isHeld || button || field.disabled) return;
      drag = { line, field, state: partsOf(field).state, clientX, clientY, level: Number(line.dataset.level) };
    });
    on("pointermove", ({ clientX, clientY, pointerId }) => {
      if (!drag?.line.isConnected) return;
      const x = clientX - drag.clientX;
      if (!drag.next && Math.hypot(x, clientY - drag.clientY) < DRAG_AFTER) return;
      if (!drag.next) drag.field.setPointerCapture(pointerId);
      drag.line.dataset.dragged = "";
      drag.next = placed(drag.state, drag.line.dataset.part, goalAt(drag, clientY, x));
      lay(drag.field, drag.next);
    });
    on("pointerup", () => drop(true));
    on("pointercancel", () => drop(false));
    on("dragstart", (event, line) => line && event.preventDefault());
    prepare(section, messages);
  }

  suite.parts = { target, placed, written, read, moveOf, draggedLevel, prepare, listen };
  if (typeof module === "object" && module.exports) module.exports = suite.parts;
})(typeof window === "undefined" ? globalThis : window);
