/* Shared by all blocks of the suite: the page around a block. One namespace object, AdaptiveXBlocks. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  const DARK_BELOW = 0.4; // relative lightness of the page's background, 0..1
  const BUSY_AFTER = 300; // milliseconds until a button says that it works
  const ANNOUNCE_AFTER = 80; // milliseconds; an emptied region must be seen empty, or a repeat is not spoken

  /** `{name}` in a translated sentence replaced by values.name. */
  function fill(sentence, values) {
    return String(sentence).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  }

  /** The value of a cookie, or "". */
  function cookie(name, cookies) {
    const found = cookies.split(/;\s*/).find((pair) => pair.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /** True for a dark CSS colour, false for a light one, null for one that lets what is behind it show. */
  function isDark(colour) {
    const parts = (colour.match(/[\d.]+/g) || []).map(Number);
    if (parts.length < 3 || (parts.length > 3 && parts[3] < 0.5)) return null;
    return (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255 < DARK_BELOW;
  }

  /** The options of a POST of JSON as the platform wants it. */
  function postOptions(body) {
    return {
      method: "POST",
      credentials: "same-origin",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        "X-CSRFToken": cookie("csrftoken", document.cookie),
        "X-Requested-With": "XMLHttpRequest",
      },
      body: JSON.stringify(body),
    };
  }

  /** The browser as outbox.js wants it; `storage` is null where it is blocked. */
  function environment() {
    let storage = null;
    try {
      storage = root.localStorage;
    } catch {
      storage = null;
    }
    return {
      storage,
      fetch: (url, options) => root.fetch(url, options),
      setTimeout: (call, after) => root.setTimeout(call, after),
      clearTimeout: (timer) => root.clearTimeout(timer),
      now: () => Date.now(),
      random: Math.random,
    };
  }

  /** The block's own section, whether the platform gives a node or a jQuery object. */
  function rootOf(element) {
    const node = element && element.jquery ? element[0] : element;
    return node.matches("[data-ax-root]") ? node : node.querySelector("[data-ax-root]");
  }

  /** The server's own html as an element, parsed inert: no script in it runs. */
  function parse(html) {
    return new DOMParser().parseFromString(html, "text/html").body;
  }

  /** Replace what is inside `part` by what is inside `parsed`. */
  function swap(part, parsed) {
    part.replaceChildren(...Array.from(parsed.childNodes, (node) => document.importNode(node, true)));
  }

  /** Let the live region say a sentence, also when it is the same as the last. */
  function announce(region, sentence) {
    region.textContent = "";
    if (sentence) setTimeout(() => { region.textContent = sentence; }, ANNOUNCE_AFTER);
  }

  /** Move the focus to the element with that id inside `container`; true if there is one. */
  function focusOn(container, id) {
    let target = id ? container.querySelector(`#${CSS.escape(id)}`) : null;
    if (!target) return false;
    if (target.matches("fieldset")) {
      const wanted = ['[data-verdict="wrong"] :is(input, select, button)', "input:checked", ":is(input, select, button)"];
      const found = wanted.map((one) => target.querySelector(`${one}:not([type="hidden"])`));
      target = found.find(Boolean) || target;
    }
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
    target.focus();
    if (target.matches("input[type=text]")) {
      target.setSelectionRange(target.value.length, target.value.length);
    }
    return true;
  }

  function toTex(span) {
    const isBlock = span.querySelector('math[display="block"]');
    span.dataset.alt = span.querySelector("math")?.getAttribute("alttext") || span.dataset.tex; // for reading aloud
    span.textContent = isBlock ? `\\[${span.dataset.tex}\\]` : `\\(${span.dataset.tex}\\)`;
  }

  /** Let the page's MathJax set the maths in `container`; without one the MathML stays as it is. */
  function typeset(container) {
    const maths = root.MathJax;
    if (!maths || !(maths.Hub || maths.typesetPromise)) return;
    const spans = Array.from(container.querySelectorAll(".ax-math[data-tex]")).filter(
      (span) => !span.querySelector('.MathJax, .MathJax_Preview, mjx-container, script[type^="math/"]'),
    );
    if (!spans.length) return;
    spans.forEach(toTex);
    if (maths.Hub) spans.forEach((span) => maths.Hub.Queue(["Typeset", maths.Hub, span]));
    else maths.typesetPromise(spans).catch(() => undefined);
  }

  function pageIsDark(node) {
    for (let at = node.parentElement; at; at = at.parentElement) {
      const dark = isDark(getComputedStyle(at).backgroundColor);
      if (dark !== null) return dark;
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    if (!scheme.includes("dark")) return false;
    return !scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches;
  }

  /** Keep the block's colours with the page's: dark on a dark page, also when the page is switched. */
  function followTheme(section) {
    const set = () => { section.dataset.theme = pageIsDark(section) ? "dark" : "light"; };
    const watch = new MutationObserver(set);
    const attributeFilter = ["class", "data-theme", "data-bs-theme", "style"];
    [document.documentElement, document.body].forEach((node) => watch.observe(node, { attributeFilter }));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", set);
    set();
  }

  /** The places to answer in `scope`: text fields, and fieldsets of what is chosen or moved. */
  function fieldsOf(scope) {
    return Array.from(scope.querySelectorAll("[data-ax-input]"));
  }

  function controlsOf(field) {
    return field.matches("fieldset") ? Array.from(field.querySelectorAll("input, select")) : [field];
  }

  /** What a control says now, or what the server put there, as a part of its field's answer. */
  function saidBy(control, isSent) {
    if (control.type === "radio" || control.type === "checkbox") {
      return (isSent ? control.defaultChecked : control.checked) ? control.value : "";
    }
    if (control.type === "hidden") return isSent ? control.dataset.sent : control.value;
    if (!control.matches("select")) return isSent ? control.defaultValue : control.value;
    const chosen = Array.from(control.options).find((option) => isSent ? option.defaultSelected : option.selected);
    return chosen && chosen.value ? `${control.dataset.part}=${chosen.value}` : "";
  }

  /** A field's answer: one string, its parts with spaces between them. */
  function valueOf(field, isSent = false) {
    return controlsOf(field).map((control) => saidBy(control, isSent)).filter(Boolean).join(" ");
  }

  /** What is typed or chosen in `scope`: {input id: string}. */
  function collect(scope) {
    return Object.fromEntries(fieldsOf(scope).map((field) => [field.dataset.axInput, valueOf(field)]));
  }

  /** True if a field does not hold what the server put there. */
  function isUnsent(field) {
    return valueOf(field) !== valueOf(field, true);
  }

  /** What was typed in `part` and not sent. */
  function unsentIn(part) {
    const fields = fieldsOf(part).filter((field) => field.matches("input") && isUnsent(field));
    return fields.map(valueOf);
  }

  /** Everything typed so far, by element id, to be put back after a swap of the same problem. */
  function typedIn(scope) {
    return new Map(fieldsOf(scope).map((field) => [field.id, valueOf(field)]));
  }

  function putBack(scope, typed) {
    fieldsOf(scope).forEach((field) => {
      const value = typed.get(field.id);
      if (!value || value === valueOf(field)) return;
      unmark(field);
      const parts = value.split(" ");
      controlsOf(field).forEach((control) => {
        if (control.type === "radio" || control.type === "checkbox") control.checked = parts.includes(control.value);
        else if (!control.matches("select")) control.value = value;
        else control.value = parts.map((part) => part.split("=")).find(([left]) => left === control.dataset.part)?.[1] || "";
      });
    });
  }

  /** Take the verdict's mark off a field, or off the part of it that changed: it was about what stood there before. */
  function unmark(field) {
    const scope = field.closest(".ax-choice, .ax-pair") || field.closest("fieldset, .ax-input") || field;
    scope.querySelectorAll("[data-verdict]").forEach((node) => node.removeAttribute("data-verdict"));
    [scope, field, ...scope.querySelectorAll("[aria-invalid]")].forEach((node) => node.removeAttribute("aria-invalid"));
    if (scope.matches(".ax-pair")) scope.removeAttribute("data-verdict");
  }

  /** The problem that a part shows, as the server wants to be told of it. */
  function handIn(part) {
    const { serving, item } = part.querySelector("[data-serving]")?.dataset || {};
    return item === undefined ? { serving: null, shown: null } : { serving: Number(serving), shown: item };
  }

  function isSameHand(one, other) {
    return JSON.stringify(handIn(one)) === JSON.stringify(handIn(other));
  }

  /** The problem that a part shows and its step that is open. */
  function placeIn(part) {
    return JSON.stringify([handIn(part), part.querySelector("[data-ax-form]")?.dataset.step]);
  }

  function closePanel(section, panel) {
    panel.hidden = true;
    const opener = section.querySelector(`[data-opens="${CSS.escape(panel.id)}"]`);
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }

  /** Open or close the panel of a button; the focus goes into it, and back to the button. */
  function togglePanel(section, button) {
    const panel = section.querySelector(`#${CSS.escape(button.dataset.opens)}`);
    if (!panel.hidden) {
      closePanel(section, panel);
      return;
    }
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.querySelector("button").focus();
  }

  function levelsIn(scope) {
    const skills = Array.from(scope.querySelectorAll("[data-skill]"));
    return new Map(skills.map((skill) => [skill.dataset.skill, skill.querySelector("[data-p]").dataset.p]));
  }

  /** Start the meters that changed from where they stood, so that the eye sees them move. */
  function moveMeters(scope, before) {
    scope.querySelectorAll("[data-skill]").forEach((skill) => {
      const bar = skill.querySelector("[data-p]");
      const [from, to] = [before.get(skill.dataset.skill), bar.dataset.p];
      if (from === undefined || from === to) return;
      bar.dataset.p = from;
      bar.getBoundingClientRect(); // the old width must be laid out first
      bar.dataset.p = to;
      skill.dataset.moved = "";
    });
  }

  /** Show after a short while that `button` works; the returned function ends it. The focus stays on it. */
  function showBusy(button, part, words) {
    part.setAttribute("aria-busy", "true");
    const before = Array.from(button.childNodes);
    const timer = setTimeout(() => {
      button.dataset.waiting = "";
      button.setAttribute("aria-disabled", "true");
      button.replaceChildren(words);
    }, BUSY_AFTER);
    return () => {
      clearTimeout(timer);
      part.removeAttribute("aria-busy");
      if (!("waiting" in button.dataset)) return;
      delete button.dataset.waiting;
      button.removeAttribute("aria-disabled");
      button.replaceChildren(...before);
    };
  }

  Object.assign(suite, {
    fill, cookie, isDark, postOptions, environment, rootOf, parse, swap, announce, focusOn, typeset, followTheme,
    fieldsOf, valueOf, collect, isUnsent, unsentIn, typedIn, putBack, unmark, handIn, isSameHand, placeIn,
    closePanel, togglePanel, levelsIn, moveMeters, showBusy,
  });
  if (typeof module === "object" && module.exports) module.exports = suite;
})(typeof window === "undefined" ? globalThis : window);
