/* Comfort: reading aloud by the device's own voices, larger type, a pause between problems.
   Loaded first, so that the size of type that was chosen before is in force as early as can be. */
(function (root) {
  "use strict";
  const suite = (root.AdaptiveXBlocks = root.AdaptiveXBlocks || {});

  const SIZES = [100, 125, 150]; // percent
  const SIZE = "adaptive-xblocks:text-size";
  const VOICE = "adaptive-xblocks:read-aloud";
  const RATE = 0.9; // a little slower than a voice's own pace
  const SILENT = `style, svg, button, audio, video, [hidden], [aria-hidden="true"], [data-ax-mute], details:not([open]),
    .ax-note[id] > .ax-sr`; // what the verdict says anyway
  const OURS = ".ax-sr, .ax-soft, .ax-hint-no, .ax-step-no, .ax-note[id], .ax-say b:first-child"; // the page's language
  const PLACES = "select, textarea, input[type=text], .ax-gap";

  /** Read (or write) what the browser keeps; null where that is blocked or full. */
  function memory(store, key, value) {
    try {
      return value === undefined ? root[store].getItem(key) : root[store].setItem(key, value);
    } catch {
      return null;
    }
  }

  /** A size of type in percent as it was stored, 100 for anything else; and the one after it. */
  function readSize(stored) {
    return SIZES.find((size) => String(size) === String(stored)) || SIZES[0];
  }

  function nextSize(size) {
    return SIZES[(SIZES.indexOf(size) + 1) % SIZES.length];
  }

  function same(one, other) {
    const [first, second] = [one, other].map((tag) => tag.toLowerCase().split(/[-_]/)[0]);
    return first === second;
  }

  /** The device's own voice for a language, undefined without: voices that send the text elsewhere are not used. */
  function voiceFor(language, voices) {
    const own = voices.filter((voice) => voice.localService && same(voice.lang, language));
    return own.find((voice) => voice.lang.replace("_", "-") === language) || own[0];
  }

  /** A formula's line of text as it is said: "1 3/4" is "1 and 3 over 4". `words` are SPEECH_MESSAGES, translated. */
  function sayFormula(line, words) {
    return line
      .replace(/(\d) (?=\d+\/\d)/g, `$1 ${words.mixed} `)
      .replace(/(?<!\p{L})-|-(?!\p{L})/gu, "−")
      .replace(/[·⋅]/g, "×")
      .replace(/[/^√+−×÷=≠≈<>≤≥]/g, (sign) => ` ${words[sign]} `)
      .replace(/\s+/g, " ")
      .trim();
  }

  /** What a button of "Was this helpful?" says. */
  function ratingOf({ step, help, end, helpful }) {
    return { step, help, end, helpful: helpful !== undefined };
  }

  /** What is said of a formula, a place to fill in, a picture; undefined for what is just its text. */
  function saidOf(node, isPageLanguage, words) {
    if (node.matches(".ax-math")) {
      const line = node.dataset.alt || node.querySelector("math")?.getAttribute("alttext") || node.textContent;
      return isPageLanguage ? sayFormula(line, words) : line; // the voice of another language has its own words
    }
    if (node.matches(PLACES)) return (node.selectedOptions?.[0]?.textContent || node.value || "").trim() || words.blank;
    return node.matches("img, br") ? node.alt || "" : undefined;
  }

  /** Add to `parts` what is said of `node`: {text, language, block} for each block of text and language. */
  function gather(node, language, block, page, parts) {
    const add = (text) => {
      const last = parts[parts.length - 1];
      if (last?.block === block && last.language === language) last.text += text;
      else parts.push({ text, language, block });
    };
    if (node.nodeType === 3) add(node.data);
    if (node.nodeType !== 1 || node.matches(SILENT)) return;
    const text = saidOf(node, same(language, page.language), page.words);
    if (text !== undefined) {
      add(` ${text} `);
      return;
    }
    const inner = node.matches(OURS) ? page.language : node.lang || language;
    const own = getComputedStyle(node).display.startsWith("inline") ? block : node;
    node.childNodes.forEach((child) => gather(child, inner, own, page, parts));
  }

  /** What is read of a place: of a problem its question in hand, of anything else all. */
  function partsOf(place, page) {
    const open = place.querySelector(':scope > [data-state="open"]');
    const nodes = open ? [...place.querySelectorAll(":scope > h3, :scope > .ax-prompt"), open] : [place];
    const parts = [];
    nodes.forEach((node) => gather(node, languageOf(place, page), node, page, parts));
    parts.forEach((part) => { part.text = part.text.replace(/\s+/g, " ").trim(); });
    return parts.filter(({ text }) => /[\p{L}\p{N}]/u.test(text));
  }

  function languageOf(node, page) {
    return node.closest("[lang]")?.lang || page.language;
  }

  let reading = null; // {button, parts, spoken}: one on the whole page

  function stop() {
    if (!reading) return;
    const { button, parts } = reading;
    reading = null;
    root.speechSynthesis.cancel();
    delete button.dataset.speaking;
    parts.forEach(({ block }) => delete block.dataset.reading);
  }

  function read(button, parts, page) {
    const voices = root.speechSynthesis.getVoices();
    const usual = voiceFor(languageOf(button, page), voices);
    const mine = (reading = { button, parts });
    button.dataset.speaking = "";
    // Kept until the end: a browser forgets to tell of those that nobody holds.
    mine.spoken = parts.map(({ text, language, block }, index) => {
      const one = new root.SpeechSynthesisUtterance(text);
      const voice = voiceFor(language, voices) || usual;
      const isLast = index === parts.length - 1;
      const onstart = () => { if (reading === mine) block.dataset.reading = ""; };
      const onend = () => {
        delete block.dataset.reading;
        if (reading === mine && isLast) stop();
      };
      return Object.assign(one, { voice, lang: voice.lang, rate: RATE, onstart, onend, onerror: onend });
    });
    mine.spoken.forEach((one) => root.speechSynthesis.speak(one));
  }

  function offerVoice(section, page) {
    const speech = root.speechSynthesis;
    const look = () => section.toggleAttribute(
      "data-speech", Boolean(voiceFor(languageOf(section, page), speech.getVoices())));
    if (!speech) return;
    speech.addEventListener?.("voiceschanged", look); // most browsers find their voices after the page
    look();
    section.toggleAttribute("data-voice", Boolean(memory("localStorage", VOICE)));
  }

  function onSpeak(section, button, page) {
    const isOn = reading?.button === button;
    stop();
    const place = button.closest(button.dataset.axSpeak) || section.querySelector(button.dataset.axSpeak);
    const parts = isOn || !place ? [] : partsOf(place, page);
    if (!parts.length) return;
    memory("localStorage", VOICE, "1");
    section.dataset.voice = ""; // from now on hints and verdicts have their own button
    read(button, parts, page);
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

  /** After so many minutes of work, offer a pause to who goes on to the next problem. */
  function offerPause(section, card, part, key) {
    const watch = suite.outbox.stopwatch(Date.now);
    const next = '[data-ax-act="next"], [data-ax-act="choose"]';
    let [before, pressed] = [Number(memory("sessionStorage", key)) || 0, null];
    const worked = () => before + watch.seconds();
    const show = (isOn) => { [card.hidden, part.hidden] = [!isOn, isOn]; };
    ["pointermove", "keydown", "input"].forEach((name) => section.addEventListener(name, watch.touch));
    document.addEventListener("visibilitychange", () => watch[document.hidden ? "pause" : "resume"]());
    root.addEventListener("pagehide", () => memory("sessionStorage", key, worked()));
    section.addEventListener("click", (event) => {
      const button = event.target.closest(next);
      if (!button || worked() < 60 * card.dataset.axPause) return;
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
      if (!part.contains(pressed)) pressed = part.querySelector(next); // somebody went on elsewhere meanwhile
      if (pressed) pressed.click();
      else part.querySelector("h3").focus();
    });
  }

  /** Make a block comfortable. `key` tells learner and block apart, `words` are SPEECH_MESSAGES. */
  function comfort(section, { key, words }) {
    const page = { words, language: document.documentElement.lang || "en" };
    const [part, card] = ["part", "pause"].map((name) => section.querySelector(`[data-ax-${name}]`));
    showSize(readSize(memory("localStorage", SIZE)));
    section.dataset.comfort = "";
    offerVoice(section, page);
    if (card) offerPause(section, card, part, `adaptive-xblocks:${key}:worked`);
    section.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-ax-speak], [data-ax-size]");
      if (button) (button.dataset.axSpeak ? onSpeak : onSize)(section, button, page);
    });
    section.addEventListener("keydown", ({ key: pressed }) => { if (pressed === "Escape") stop(); });
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
