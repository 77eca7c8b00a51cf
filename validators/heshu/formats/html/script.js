
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const say = data.words;
  const STEP = 50;
  const PRINTED = 2000;
  const SVG = "http://www.w3.org/2000/svg";
  const WEIGHT = { error: 0, warning: 1, info: 2 };

  // Every text of the data goes through here: as text, never as markup.
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value) node.setAttribute(name, value);
    for (const child of children) if (child) node.append(child);
    return node;
  };
  const shape = (tag, attributes, text) => {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text) node.textContent = text;
    return node;
  };

  const strip = (k) => {
    const svg = shape("svg", { class: "strip", viewBox: "0 0 640 96", role: "img" });
    svg.append(shape("title", {}, k.alt));
    svg.append(shape("line", { class: "axis", x1: 20, x2: 620, y1: 48, y2: 48 }));
    const band = (kind, span, y) => {
      const [from, to] = span;
      const width = Math.max(5, (to - from) * 600);
      const x = Math.min(615, 20 + from * 600 - (width > (to - from) * 600 ? (width - (to - from) * 600) / 2 : 0));
      svg.append(shape("rect", { class: kind, x, y, width, height: 14, rx: 2 }));
    };
    band("published", k.published, 32);
    band("implied", k.implied, 50);
    if (k.broken) {
      const x = 20 + ((k.gap[0] + k.gap[1]) / 2) * 600;
      svg.append(shape("path", { class: "break", d: `M${x - 7} 56 l6 -16 M${x + 1} 56 l6 -16` }));
    }
    const label = (kind, span, text, y) => {
      const at = 20 + ((span[0] + span[1]) / 2) * 600;
      const anchor = at < 200 ? "start" : at > 440 ? "end" : "middle";
      const x = anchor === "start" ? 20 : anchor === "end" ? 620 : at;
      svg.append(shape("text", { class: kind, x, y, "text-anchor": anchor }, text));
    };
    label("p", k.published, `${say.published} ${k.publishedText}`, 22);
    label("i", k.implied, `${say.implied} ${k.impliedText}`, 84);
    return svg;
  };

  const copied = (button, text) => {
    const area = make("textarea", { "aria-hidden": "true" });
    area.value = text;
    button.after(area);
    area.select();
    try { document.execCommand("copy"); } catch { /* the text stands beside the button */ }
    area.remove();
    button.textContent = say.copied;
    button.focus();
  };

  const figure = ([role, name, printed, place]) => make("li", {},
    make("span", { class: "role" }, role), make("span", {}, name),
    make("span", { class: "value" }, printed), make("span", { class: "place" }, place));

  const card = (f) => {
    const settled = f.state !== "new";
    const node = make("article", { class: `finding ${f.severity}${settled ? " settled" : ""}` });
    const head = make("div", { class: "head" },
      make("span", { class: "code" }, f.code), make("h3", {}, f.headline),
      make("span", { class: `mark ${f.severity}` }, say.severities[f.severity]),
      settled && make("span", { class: `mark ${f.state}` }, say.states[f.state]));
    node.append(head, make("p", { class: "place dim" }, f.place));
    if (f.about) node.append(make("p", { class: "about" }, f.about));
    for (const line of f.lines) node.append(make("p", { class: "words" }, line));
    if (f.strip) node.append(strip(f.strip));
    if (f.figures.length) node.append(make("ul", { class: "figures" }, ...f.figures.map(figure)));
    if (f.strength) node.append(make("p", { class: "dim" }, f.strength));
    if (f.assumptions) node.append(make("p", { class: "dim" }, f.assumptions));
    if (f.suspects) node.append(make("p", { class: "dim" }, f.suspects));
    if (f.waiver) node.append(make("p", { class: "dim" }, f.waiver));
    const button = make("button", { class: "quiet", type: "button" }, say.copy);
    button.addEventListener("click", () => copied(button, f.fingerprint));
    node.append(make("p", { class: "dim" }, `${say.fingerprint} `, make("span", { class: "code" }, f.fingerprint), " ", button));
    return node;
  };

  // A list that shows some of what is found, and more on demand.
  const listed = (id, all, render, tag) => {
    const section = document.getElementById(id);
    if (!section) return () => {};
    const list = section.querySelector(".list");
    const count = section.querySelector(".count");
    const more = make("button", { type: "button" });
    const row = make("p", { class: "more-row" }, more);
    list.after(row);
    let found = all;
    let shown = 0;
    const grow = (step) => {
      const next = found.slice(shown, shown + step).map(render);
      list.append(...(tag ? next.map((node) => make(tag, {}, node)) : next));
      shown += next.length;
      row.hidden = shown >= found.length;
      more.textContent = say.more.replace("{n}", Math.min(STEP, found.length - shown));
      return next;
    };
    const show = (chosen) => {
      found = chosen;
      shown = 0;
      list.replaceChildren();
      grow(STEP);
      if (count) count.textContent = say.count.replace("{n}", found.length).replace("{all}", all.length);
    };
    more.addEventListener("click", () => {
      const [first] = grow(STEP);
      if (first) { first.setAttribute("tabindex", "-1"); first.focus(); }
    });
    window.addEventListener("beforeprint", () => grow(Math.max(0, PRINTED - shown)));
    show(all);
    return show;
  };

  const findings = data.findings;
  findings.forEach((f, i) => {
    f.order = i;
    f.text = [f.code, f.headline, f.place, f.about, ...f.lines, ...f.figures.flat(), f.dataset, f.fingerprint].join("\n").toLowerCase();
  });
  const show = listed("findings", findings, card);
  const form = document.querySelector(".filters");
  if (form) {
    form.hidden = false;
    const fields = Object.fromEntries([...form.elements].filter((e) => e.name).map((e) => [e.name, e]));
    const SORTS = {
      weight: (a, b) => a.order - b.order,
      rule: (a, b) => a.code.localeCompare(b.code) || a.order - b.order,
      place: (a, b) => a.path.localeCompare(b.path) || a.line - b.line || a.order - b.order,
    };
    const apply = () => {
      const words = fields.search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = findings.filter((f) =>
        (!fields.severity.value || f.severity === fields.severity.value) &&
        (!fields.state.value || f.state === fields.state.value) &&
        (!fields.rule.value || f.code === fields.rule.value) &&
        (!fields.dataset.value || f.dataset === fields.dataset.value) &&
        words.every((word) => f.text.includes(word)));
      show(chosen.sort(SORTS[fields.sort.value]));
    };
    let waiting = 0;
    const soon = () => { clearTimeout(waiting); waiting = setTimeout(apply, 120); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", (event) => { event.preventDefault(); apply(); });
    form.addEventListener("reset", () => setTimeout(apply));
  }

  listed("untouched", data.untouched, ([name, printed, place]) => make("li", {},
    name, " ", make("strong", {}, printed), " ", make("span", { class: "place" }, place)));
  listed("unjudged", data.unjudged, ([code, reason, figures, implied, place]) => make("li", {},
    make("span", { class: "code" }, code), " ", reason, ": ", figures, implied && ` → ${implied}`, " ",
    make("span", { class: "place" }, place)));

  const theme = document.getElementById("theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const root = document.documentElement;
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      theme.setAttribute("aria-pressed", String(!dark));
    });
  }
})();
