/* Comfort: reading aloud, larger type, a pause between problems. Loaded first: the type's size must not jump. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  const SIZES = [100, 125, 150]; // percent
  const SIZE = "adaptive-xblocks:text-size";
  const VOICE = "adaptive-xblocks:read-aloud";
  const RATE = 0.9; // of a voice's own pace
  const SILENT = `svg, button, audio, video, [hidden], [aria-hidden="true"], [data-ax-mute], details:not([open]),
    .ax-note[id] > .ax-sr`;
  const OURS = ".ax-sr, .ax-soft, .ax-hint-no, .ax-step-no, .ax-note[id], .ax-say b:first-child"; // not the author's
  const PLACES = "select, textarea, input[type=text], .ax-gap";

  /** Read or write what the browser keeps; null where that is blocked. */
  function memory(store, key, value) {
    try {
      return value === undefined ? root[store].getItem(key) : root[store].setItem(key, value);
    } catch {
      return null;
    }
  }

  function readSize(stored) {
    return SIZES.find((size) => size === Number(stored)) || SIZES[0];
  }

  function nextSize(size) {
    return SIZES[SIZES.indexOf(size) + 1] || SIZES[0];
  }

  function base(tag) {
    return tag.toLowerCase().split(/[-_]/)[0];
  }

  /** The device's own voice for a language: one that sends the text elsewhere is never used. */
  function voiceFor(language, voices) {
    const own = voices.filter((voice) => voice.localService && base(voice.lang) === base(language));
    return own.find((voice) => voice.lang.replace("_", "-") === language) || own[0];
  }

  /** A formula's text as it is said: "1 3/4" is "1 and 3 over 4". */
  function sayFormula(line, words) {
    return line
      .replace(/(\d) (?=\d+\/\d)/g, `$1 ${words.mixed} `)
      .replace(/(?<!\p{L})-|-(?!\p{L})/gu, "−")
      .replace(/[·⋅]/g, "×")
      .replace(/[/^√+−×÷=≠≈<>≤≥]/g, (sign) => ` ${words[sign]} `);
  }

  function ratingOf({ step, help, end, helpful }) {
    return { step, help, end, helpful: helpful !== undefined };
  }

  /** What is said of a node: its text, a formula, a place to fill in, a picture; undefined if it is what is in it. */
  function saidOf(node, language, page) {
    if (node.nodeType === 3) return node.data;
    if (node.nodeType !== 1 || node.matches(SILENT)) return "";
    if (node.matches(".ax-math")) {
      const line = node.dataset.alt || node.querySelector("math")?.getAttribute("alttext") || node.textContent;
      return ` ${base(language) === base(page.language) ? sayFormula(line, page.words) : line} `;
    }
    if (node.matches(PLACES)) return ` ${node.selectedOptions?.[0]?.text || node.value || page.words.blank} `;
    return node.matches("img, br") ? ` ${node.alt || ""} ` : undefined;
  }

  /** Add what is said of `node` to `parts`, {text, language, block} each. */
  function gather(node, language, block, page, parts) {
    const text = saidOf(node, language, page);
    const last = parts[parts.length - 1];
    if (text === undefined) {
      const inner = node.matches(OURS) ? page.language : node.lang || language;
      const own = getComputedStyle(node).display.startsWith("inline") ? block : node;
      node.childNodes.forEach((child) => gather(child, inner, own, page, parts));
    } else if (last?.block === block && last.language === language) last.text += text;
    else parts.push({ text, language, block });
  }

  function languageOf(node, page) {
    return node.closest("[lang]")?.lang || page.language;
  }

  /** Of a problem its question in hand; else all. */
  function partsOf(place, page) {
    const open = place.querySelector(':scope > [data-state="open"]');
    const nodes = open ? [...place.querySelectorAll(":scope > h3, :scope > .ax-prompt"), open] : [place];
    const parts = [];
    nodes.forEach((node) => gather(node, languageOf(node, page), node, page, parts));
    return parts.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  }

  let reading = null; // one on the whole page

  function stop() {
    if (!reading) return;
    const { button, parts } = reading;
    reading = null;
    root.speechSynthesis.cancel();
    delete button.dataset.speaking;
    parts.forEach(({ block }) => delete block.dataset.reading);
  }

  function read(section, button, parts, page) {
    const voices = root.speechSynthesis.getVoices();
    const mine = (reading = { button, parts });
    button.dataset.speaking = "";
    // Kept: browsers tell nothing of the end of what nobody holds.
    mine.spoken = parts.map(({ text, language, block }, index) => {
      const voice = voiceFor(language, voices) || voiceFor(languageOf(section, page), voices);
      const onstart = () => { if (reading === mine) block.dataset.reading = ""; };
      const onend = () => {
        delete block.dataset.reading;
        if (reading === mine && !parts[index + 1]) stop();
      };
      const spoken = new root.SpeechSynthesisUtterance(text);
      return Object.assign(spoken, { voice, lang: voice.lang, rate: RATE, onstart, onend, onerror: onend });
    });
    mine.spoken.forEach((one) => root.speechSynthesis.speak(one));
  }

  function offerVoice(section, page) {
    const speech = root.speechSynthesis;
    const look = () => {
      section.toggleAttribute("data-speech", !!voiceFor(languageOf(section, page), speech.getVoices()));
    };
    if (!speech) return;
    look();
    speech.addEventListener?.("voiceschanged", look); // most browsers find their voices late
    section.toggleAttribute("data-voice", !!memory("localStorage", VOICE));
  }

  function onSpeak(section, button, page) {
    const isOn = reading?.button === button;
    stop();
    const place = button.closest(button.dataset.axSpeak) || section.querySelector(button.dataset.axSpeak);
    if (isOn || !place) return;
    memory("localStorage", VOICE, 1);
    section.dataset.voice = ""; // from now on hints and verdicts have their own button
    read(section, button, partsOf(place, page), page);
  }

  function showSize(size) {
    document.querySelectorAll("[data-ax-root]").forEach((section) => {
      section.dataset.size = size;
      const button = section.querySelector("[data-ax-size]");
      if (button && suite.fill) button.title = suite.fill(button.dataset.axSize, { size });
    });
  }

  function onSize(section, button) {
    const size = nextSize(readSize(section.dataset.size));
    memory("localStorage", SIZE, size);
    showSize(size);
    suite.announce(section.querySelector("[data-ax-live]"), button.title);
  }

  /** After so many minutes of work, show the card before the next problem. */
  function offerPause(section, card, part, key) {
    const watch = suite.outbox.stopwatch(Date.now);
    const next = '[data-ax-act="next"], [data-ax-act="choose"]';
    let before = Number(memory("sessionStorage", key)); // seconds
    let pressed;
    const worked = () => before + watch.seconds();
    const show = (isOn) => { [card.hidden, part.hidden] = [!isOn, isOn]; };
    ["pointermove", "keydown", "input"].forEach((name) => section.addEventListener(name, watch.touch));
    document.addEventListener("visibilitychange", () => watch[document.hidden ? "pause" : "resume"]());
    root.addEventListener("pagehide", () => memory("sessionStorage", key, worked()));
    section.addEventListener("click", (event) => {
      const button = event.target.closest(next);
      if (!button || !(worked() >= 60 * card.dataset.axPause)) return;
      event.stopPropagation();
      pressed = button;
      card.querySelector("[data-ax-so-far]").textContent = part.querySelector("[data-ax-done]")?.textContent;
      show(true);
      card.querySelector("h3").focus();
    }, true);
    card.querySelector("[data-ax-go-on]").addEventListener("click", () => {
      before = 0;
      watch.restart();
      show(false);
      if (!part.contains(pressed)) pressed = part.querySelector(next);
      if (pressed) pressed.click();
      else part.querySelector("h3").focus();
    });
  }

  /** `key` tells learner and block apart, `words` are SPEECH_MESSAGES. */
  function comfort(section, { key, words }) {
    const page = { words, language: document.documentElement.lang || "en" };
    const [part, card] = ["part", "pause"].map((name) => section.querySelector(`[data-ax-${name}]`));
    section.dataset.comfort = "";
    showSize(readSize(memory("localStorage", SIZE)));
    offerVoice(section, page);
    if (card) offerPause(section, card, part, `adaptive-xblocks:${key}:worked`);
    section.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-ax-speak], [data-ax-size]");
      if (button) (button.dataset.axSpeak ? onSpeak : onSize)(section, button, page);
    });
    section.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
    new MutationObserver(() => {
      if (!reading?.button.isConnected) stop();
      showSize(readSize(section.dataset.size));
    }).observe(part, { childList: true });
    root.addEventListener("pagehide", stop);
    document.addEventListener("visibilitychange", () => { if (document.hidden) stop(); });
  }

  Object.assign(suite, { comfort, ratingOf });
  if (root.document) showSize(readSize(memory("localStorage", SIZE)));
  if (typeof module === "object" && module.exports) {
    module.exports = { memory, readSize, nextSize, voiceFor, sayFormula, ratingOf };
  }
})(typeof window === "undefined" ? globalThis : window);
