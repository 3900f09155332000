// The workbench in a browser. It shows what Python sends and sends what a person does, and decides
// nothing: places, phrases, words and readings all come from Python, by messages. Nothing of them
// is kept in the notebook: the widget has no state that is saved.

const STANCES = [["-2", "opposes"], ["-1", "leans against"], ["0", "takes no side"],
  ["+1", "leans towards"], ["+2", "supports"]];
const BASES = [["stated", "in its own voice"], ["implied", "the note says by what"],
  ["reported", "of another body"]];
const KEYS = [
  ["t", "to the text"], ["← →", "word by word; ↑ ↓ line by line; Page Up and Down by paragraph"],
  ["Shift + arrows", "select words"], ["Alt + ← →", "move the selection's end by one sign"],
  ["f", "find words; Enter takes the next place as the phrase; type it where no text is stored"],
  ["p", "search the codebook; [ and ] the proposition before and after"],
  ["1 2 3 4 5", "stance -2 -1 0 +1 +2"], ["0", "nothing to code, or strike the cell"],
  ["s i r", "basis: stated, implied, reported"], ["m", "to the note"],
  ["Enter", "code, lock or decide"], ["u", "undo"],
  [", .", "the text or cell before, after"], ["n", "the next that is open"],
  ["a", "add a document"],
  ["Escape", "back to the text"],
];
const PATIENCE = 6000; // milliseconds until an act without an answer is told
const LONG = 120000; // the same for a document: a long PDF takes a while to read

const FOCUSED = /^(button|input|select|summary|textarea)$/, OURS = "data-lm-suppress-shortcuts";

function h(tag, about = {}, ...children) {
  const made = document.createElement(tag);
  // JupyterLab takes arrows and Enter from what has the focus unless that says so itself.
  if (FOCUSED.test(tag) || "tabindex" in about) made.setAttribute(OURS, "true");
  for (const [name, value] of Object.entries(about)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Where each UTF-16 unit of a text stands in code points, and the other way round.
class Ruler {
  constructor(text) {
    this.text = text;
    this.plain = !/[\ud800-\udfff]/.test(text);
    if (this.plain) return;
    this.points = new Uint32Array(text.length + 1);
    this.units = [];
    for (let unit = 0, point = 0; unit < text.length; point++) {
      const wide = text.codePointAt(unit) > 0xffff ? 2 : 1;
      this.units.push(unit);
      for (let at = 0; at < wide; at++) this.points[unit + at] = point;
      unit += wide;
      this.points[unit] = point + 1;
    }
    this.units.push(text.length);
  }
  point(unit) { return this.plain ? unit : this.points[unit]; }
  unit(point) { return this.plain ? point : this.units[point]; }
}

// The words of a text, as [from, to] in UTF-16 units: the stops of the keyboard.
function words(text) {
  const found = [];
  if (Intl.Segmenter) {
    for (const part of new Intl.Segmenter(undefined, {granularity: "word"}).segment(text))
      if (part.isWordLike) found.push([part.index, part.index + part.segment.length]);
  } else {
    for (const part of text.matchAll(/[\p{L}\p{M}\p{N}]+/gu))
      found.push([part.index, part.index + part[0].length]);
  }
  return found;
}

// The text: paragraphs that keep every character, marks, a caret of words, and a selection.
class Text {
  constructor(box, selected) {
    this.box = box;
    this.selected = selected; // is told the selection, in code points
    this.show("", "");
    box.addEventListener("mouseup", () => this.taken());
    box.addEventListener("keydown", event => this.key(event));
  }
  show(id, text) {
    this.id = id;
    this.ruler = new Ruler(text);
    this.words = words(text);
    this.marks = [];
    this.at = 0;
    this.anchor = null;
    this.selection = null;
    this.pieces = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    let from = 0;
    this.paragraphs = this.pieces.map(piece => {
      const made = {from, to: from + piece.length, node: h("div", {dir: "auto"}), cuts: null};
      from = made.to;
      return made;
    });
    this.box.replaceChildren(...this.paragraphs.map(one => one.node));
    this.box.scrollTop = 0;
    this.draw();
  }
  mark(places) {
    this.marks = places.map(([start, end]) => [this.ruler.unit(start), this.ruler.unit(end)]);
    this.draw();
  }
  draw() {
    const layers = this.marks.map(([from, to]) => [from, to, "mark"]);
    const word = this.words[this.at];
    if (word && !this.selection) layers.push([...word, "at"]);
    if (this.selection) layers.push([...this.selection, "sel"]);
    for (const one of this.paragraphs) {
      const here = layers.filter(([from, to]) => from < one.to && to > one.from);
      const cuts = JSON.stringify(here);
      if (cuts === one.cuts) continue;
      one.cuts = cuts;
      const ends = new Set([one.from, one.to]);
      for (const [from, to] of here) {
        ends.add(Math.max(from, one.from));
        ends.add(Math.min(to, one.to));
      }
      const sorted = [...ends].sort((a, b) => a - b);
      one.node.replaceChildren(...sorted.slice(0, -1).map((from, n) => {
        const piece = this.ruler.text.slice(from, sorted[n + 1]);
        const kinds = here.filter(([a, b]) => a <= from && b > from).map(layer => layer[2]);
        if (!kinds.length) return document.createTextNode(piece);
        const tag = kinds.includes("mark") ? "mark" : "span";
        return h(tag, {class: kinds.filter(kind => kind !== "mark").join(" ")}, piece);
      }));
    }
  }
  // The UTF-16 offset of a place in the page.
  offset(node, inside) {
    const one = this.paragraphs.find(p => p.node.contains(node));
    if (!one) return node === this.box ? (this.paragraphs[inside]?.from ?? this.ruler.text.length)
      : null;
    const before = document.createRange();
    before.setStart(one.node, 0);
    before.setEnd(node, inside);
    let length = 0;
    const walk = document.createTreeWalker(one.node, NodeFilter.SHOW_TEXT);
    for (let text; (text = walk.nextNode());) {
      if (text === before.endContainer) { length += before.endOffset; break; }
      if (before.comparePoint(text, 0) > 0) break;
      length += text.data.length;
    }
    return one.from + length;
  }
  taken() {
    const native = document.getSelection();
    if (!native || native.isCollapsed || !native.rangeCount) return this.touched(native);
    const range = native.getRangeAt(0);
    let from = this.offset(range.startContainer, range.startOffset);
    let to = this.offset(range.endContainer, range.endOffset);
    if (from === null && to === null) return;
    from ??= 0;
    to ??= this.ruler.text.length;
    native.removeAllRanges();
    this.select(Math.min(from, to), Math.max(from, to));
  }
  touched(native) {
    if (!native?.rangeCount) return;
    const at = this.offset(native.anchorNode, native.anchorOffset);
    if (at === null) return;
    this.move(Math.max(0, this.words.findLastIndex?.(([from]) => from <= at) ?? 0), false);
  }
  select(from, to, tell = true) {
    this.selection = from < to ? [from, to] : null;
    const first = this.words.findIndex(word => word[1] > from);
    if (first >= 0) this.at = first;
    if (tell) this.anchor = null;
    this.draw();
    if (tell) this.tell();
  }
  tell() {
    const [from, to] = this.selection ?? [0, 0];
    this.selected(this.ruler.point(from), this.ruler.point(to), this.selection !== null);
  }
  // Show a selection as Python has it, in code points.
  take({start, end}, reveal) {
    this.select(this.ruler.unit(start), this.ruler.unit(end), false);
    if (reveal) this.reveal();
  }
  clear() { this.anchor = null; this.selection = null; this.draw(); }
  move(to, shift, first = to) {
    if (!this.words.length) return;
    if (shift && this.anchor === null) { this.anchor = this.at; to = first; }
    to = Math.min(Math.max(to, 0), this.words.length - 1);
    if (shift) {
      this.at = to;
      const [first, last] = [Math.min(this.anchor, to), Math.max(this.anchor, to)];
      this.selection = [this.words[first][0], this.words[last][1]];
    } else {
      this.at = to;
      this.anchor = this.selection = null;
    }
    this.draw();
    this.reveal();
    this.tell();
  }
  nudge(by) {
    if (!this.selection) return this.move(this.at, true, this.at);
    const signs = [...(Intl.Segmenter
      ? new Intl.Segmenter(undefined, {granularity: "grapheme"}).segment(this.near(by))
      : this.near(by))].map(part => part.segment ?? part);
    const sign = by > 0 ? signs[0] : signs.at(-1);
    if (!sign) return;
    const [from, to] = this.selection;
    this.selection = [from, Math.max(from, to + by * sign.length)];
    if (this.selection[0] === this.selection[1]) this.selection = null;
    this.draw();
    this.tell();
  }
  near(by) {
    const to = this.selection[1];
    return by > 0 ? this.ruler.text.slice(to, to + 40) : this.ruler.text.slice(Math.max(0, to - 40), to);
  }
  range(from, to) {
    const one = this.paragraphs.find(p => from < p.to);
    const made = document.createRange();
    let left = from - one.from;
    const walk = document.createTreeWalker(one.node, NodeFilter.SHOW_TEXT);
    for (let text; (text = walk.nextNode()); left -= text.data.length) {
      if (left > text.data.length) continue;
      made.setStart(text, left);
      made.setEnd(text, Math.min(text.data.length, left + to - from));
      break;
    }
    return made;
  }
  place(word) { return this.range(...this.words[word]).getBoundingClientRect(); }
  line(by) {
    const here = this.place(this.at);
    let best = this.at, apart = Infinity, top = null;
    for (let at = this.at + by; at >= 0 && at < this.words.length; at += by) {
      const there = this.place(at);
      if (Math.abs(there.top - here.top) < here.height / 2) continue;
      top ??= there.top;
      if (Math.abs(there.top - top) > here.height / 2) break;
      const away = Math.abs(there.left - here.left);
      if (away < apart) [best, apart] = [at, away];
    }
    return best;
  }
  paragraph(by) {
    const word = this.words[this.at];
    const here = this.paragraphs.findIndex(p => word[0] < p.to);
    for (let at = here + by; at >= 0 && at < this.paragraphs.length; at += by) {
      const {from, to} = this.paragraphs[at];
      const first = this.words.findIndex(w => w[0] >= from && w[0] < to);
      if (first >= 0) return first;
    }
    return by < 0 ? 0 : this.words.length - 1;
  }
  reveal() {
    const word = this.words[this.at];
    if (word) this.uncover(word);
  }
  // Scroll the text, and nothing else, until a place of it is seen.
  uncover([from, to]) {
    const place = this.range(from, to).getBoundingClientRect(), box = this.box.getBoundingClientRect();
    if (place.top < box.top + 8) this.box.scrollTop -= box.top + 40 - place.top;
    else if (place.bottom > box.bottom - 8) this.box.scrollTop += place.bottom - box.bottom + 40;
  }
  key(event) {
    if (!this.words.length || event.ctrlKey || event.metaKey) return;
    const shift = event.shiftKey, right = getComputedStyle(this.box).direction === "rtl" ? -1 : 1;
    const to = {
      ArrowRight: () => this.at + right, ArrowLeft: () => this.at - right,
      ArrowDown: () => this.line(1), ArrowUp: () => this.line(-1),
      PageDown: () => this.paragraph(1), PageUp: () => this.paragraph(-1),
      Home: () => 0, End: () => this.words.length - 1,
    }[event.key];
    if (!to) return;
    event.preventDefault();
    if (event.altKey && event.key === "ArrowRight") this.nudge(1);
    else if (event.altKey && event.key === "ArrowLeft") this.nudge(-1);
    // The first step to a side takes the word that the caret is on.
    else if (!event.altKey) this.move(to(), shift, /Left|Right/.test(event.key) ? this.at : to());
  }
}

// The page of the workbench: made once, filled from each answer.
class Page {
  constructor(model, el) {
    this.model = model;
    this.texts = new Map();
    this.book = null;
    this.view = null;
    this.waiting = new Map();
    this.count = 0;
    this.keysOn = true;
    this.id = Math.random().toString(36).slice(2, 8);
    this.build(el);
    this.text = new Text(this.box, (start, end, some) => this.selected(start, end, some));
    this.heard = answer => this.receive(answer);
    model.on("msg:custom", this.heard);
    this.send({act: "show"});
  }
  close() {
    this.model.off("msg:custom", this.heard);
    for (const timer of this.waiting.values()) clearTimeout(timer);
  }

  // --- messages ------------------------------------------------------------------------------

  send(act, files = [], patience = PATIENCE) {
    const n = `${this.id}-${++this.count}`;
    const has = [...this.texts.keys(), ...(this.book ? ["codebook"] : [])];
    const late = "No answer from Python: what you did last may not be saved. Is the kernel " +
      "running? Run the workbench's cell again; what was saved is there.";
    this.waiting.set(n, setTimeout(() => this.tell(late, "bad"), patience));
    try {
      Promise.resolve(this.model.send({...act, n, has}, {}, files)).catch(() => this.tell(late, "bad"));
    } catch { this.tell(late, "bad"); }
    return n;
  }
  receive(answer) {
    const mine = this.waiting.has(answer.n);
    clearTimeout(this.waiting.get(answer.n));
    this.waiting.delete(answer.n);
    if (answer.text) this.texts.set(answer.text.id, answer.text.text);
    if (answer.codebook) this.setBook(answer.codebook);
    if (answer.phrase) { if (mine && answer.n === this.measuring) this.measured(answer); return; }
    if (!answer.view) { if (mine) this.tell(answer.said, answer.tone); return; }
    if (!this.book || !this.texts.has(answer.view.text_id)) { this.send({act: "show"}); return; }
    this.show(answer.view);
    const done = mine && answer.tone === "good" && answer.n === this.acting;
    if (done) this.reset();
    if (mine && answer.tone === "good" && answer.n === this.sent) this.added();
    if (mine || answer.elsewhere)
      this.tell([answer.elsewhere, answer.said].filter(Boolean).join(" "), answer.tone);
  }
  tell(said, tone = "good") {
    const [now, other] = tone === "bad" ? [this.alert, this.status] : [this.status, this.alert];
    other.textContent = "";
    now.textContent = said ?? "";
  }

  // --- what the page is made of --------------------------------------------------------------

  build(el) {
    const button = (label, onclick, about = {}) => h("button", {type: "button", onclick, ...about}, label);
    const name = part => `positions-${this.id}-${part}`;
    const radios = (part, legend, choices) => h("fieldset", {class: part},
      h("legend", {}, legend), ...choices.map(([value, about]) => h("label", {},
        h("input", {type: "radio", name: name(part), value}), h("b", {}, value), ` ${about}`)));
    this.queues = ["code", "check", "decide"].map(id =>
      button("", () => this.send({act: "queue", queue: id}), {"data-queue": id}));
    this.progress = h("p", {class: "how-far"});
    this.status = h("p", {role: "status", class: "said"});
    this.alert = h("p", {role: "alert", class: "said bad"});
    this.caret = h("p", {class: "unseen", "aria-live": "polite"});
    this.items = h("select", {onchange: event => this.go(JSON.parse(event.target.value))});
    this.title = h("h2");
    this.about = h("p", {class: "about"});
    this.problem = h("p", {class: "problem"});
    this.box = h("div", {class: "text", tabindex: 0, role: "textbox", "aria-readonly": "true",
      "aria-multiline": "true"});
    this.find = h("input", {type: "search", placeholder: "f", onkeydown: event => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const [, behind] = this.text.selection ?? [0, 0];
      this.forget();
      this.measuring = this.send({act: "find", words: this.find.value,
        behind: this.text.ruler.point(behind)});
    }});
    this.finding = h("label", {class: "row"}, "Find ", this.find);
    this.typed = h("input", {type: "text", placeholder: "f", oninput: () => this.typing(),
      onkeydown: event => {
        if (event.key === "Enter") { event.preventDefault(); this.box.focus(); }
      }});
    this.typedRow = h("label", {class: "row"}, "Phrase, as it stands in the document ", this.typed);
    this.phrase = h("p", {class: "phrase"});
    this.search = h("input", {type: "search", placeholder: "p", oninput: () => this.filter(),
      onkeydown: event => {
        if (event.key === "ArrowDown") this.list.focus();
        if (event.key !== "Enter") return;
        event.preventDefault();
        this.box.focus();
      }});
    this.list = h("select", {size: 5, "aria-label": "Propositions", onchange: () => this.entry()});
    this.statement = h("p", {class: "statement"});
    this.rulings = h("ul", {class: "rulings"});
    this.general = h("ul");
    this.question = h("p", {class: "question"});
    this.body = h("select");
    this.bodyRow = h("label", {class: "row"}, "Whose stance ", this.body);
    this.stances = radios("stance", "Stance", [...STANCES, ["none", ""]]);
    this.none = this.stances.lastElementChild;
    this.bases = radios("basis", "Basis", BASES);
    this.note = h("input", {type: "text", onkeydown: event => {
      if (event.key === "Enter") { event.preventDefault(); this.submit(); }
    }});
    this.noteName = h("span");
    this.act = button("", () => this.submit(), {class: "act"});
    this.undo = button("Undo", () => this.send({act: "undo"}));
    this.finish = button("Finish this text", () => this.finishing());
    this.form = h("div", {role: "group", "aria-label": "Your code", class: "form"}, this.question, this.bodyRow, this.stances,
      this.bases, h("label", {class: "row"}, this.noteName, this.note),
      h("div", {class: "row"}, this.act, this.undo, this.finish));
    this.verdict = h("p", {class: "verdict"});
    this.readings = h("ul", {class: "readings", "aria-label": "What is on record of this cell"});
    this.rows = h("div", {class: "wide"});
    this.more = h("p");
    this.notices = h("ul", {class: "notices"});
    this.counts = h("div", {class: "counts"});
    this.keys = button("Keys: on", () => {
      this.keysOn = !this.keysOn;
      this.keys.textContent = `Keys: ${this.keysOn ? "on" : "off"}`;
      this.keys.setAttribute("aria-pressed", this.keysOn);
    }, {"aria-pressed": "true"});
    this.root = h("section", {class: "positions-desk", [OURS]: "true",
      onkeydown: event => this.key(event)},
      h("div", {class: "top"}, h("div", {role: "group", "aria-label": "Queue", class: "queues"}, ...this.queues), this.progress),
      this.notices, this.status, this.alert, this.caret,
      h("div", {class: "columns"},
        h("section", {class: "left", "aria-label": "Text"},
          h("div", {class: "row"}, button("‹", () => this.step(-1), {"aria-label": "Before"}),
            h("label", {class: "grow"}, h("span", {class: "unseen"}, "Which text or cell"), this.items),
            button("›", () => this.step(1), {"aria-label": "After"}),
            button("Next open", () => this.send({act: "go", to: "next"}))),
          this.title, this.about, this.problem, this.box,
          this.finding, this.typedRow, this.phrase, this.adding(button)),
        h("section", {class: "right", "aria-label": "Codebook and code"},
          h("label", {class: "row"}, "Codebook ", this.search), this.list, this.statement,
          this.rulings, h("details", {}, h("summary", {}, "All rulings"), this.general),
          this.verdict, this.readings, this.form)),
      this.rows,
      h("details", {}, h("summary", {}, "Progress by text and proposition"), this.more, this.counts),
      h("details", {}, h("summary", {}, "Keys"), this.keys, h("table", {class: "keys"},
        h("tbody", {}, ...KEYS.map(([key, what]) => h("tr", {},
          h("th", {scope: "row"}, h("kbd", {}, key)), h("td", {}, what)))))));
    el.append(this.root);
  }

  // --- a document is added -------------------------------------------------------------------

  adding(button) {
    this.file = h("input", {type: "file"});
    this.pasted = h("textarea", {rows: 4});
    this.by = h("select");
    this.textOf = h("input", {type: "checkbox", onchange: () => {
      this.facts.hidden = this.textOf.checked;
      if (this.textOf.checked) this.by.value ||= this.view.body;
    }});
    this.textOfRow = h("label", {class: "row"}, this.textOf, h("span"));
    this.facts = h("div");
    const row = (name, field) => h("label", {class: "row"}, `${name} `, field);
    return this.add = h("details", {class: "add"}, h("summary", {}, "Add a document"),
      row("File: PDF, Word, HTML, Markdown or text", this.file), row("or paste its text", this.pasted),
      row("By, or about", this.by), this.textOfRow, this.facts,
      h("div", {class: "row"}, button("Add it to the study", () => this.adds())));
  }
  // The fields of a new source, as Python names them; what is typed stays while it is shown.
  fields({fields}) {
    const are = JSON.stringify(fields);
    if (this.are === are) return;
    this.are = are;
    const has = new Map([...this.facts.querySelectorAll("input")].map(one => [one.name, one.value]));
    this.facts.replaceChildren(...fields.map(({name, label, what, needed, known}) => {
      const list = `positions-${this.id}-known-${name}`;
      const field = h("input", {name, placeholder: what, title: what, list: known.length ? list : null,
        "aria-required": needed ? "true" : null});
      field.value = has.get(name) ?? "";
      return h("label", {class: "row"}, `${label}${needed ? "" : " (if known)"} `, field,
        h("datalist", {id: list}, ...known.map(value => h("option", {value}))));
    }));
  }
  async adds() {
    const [file] = this.file.files, most = this.view.adding.most;
    if (file?.size > most) {
      return this.tell(`nothing was added: ${file.name} has ${file.size.toLocaleString("en")} bytes, ` +
        `and at most ${most.toLocaleString("en")} come through the browser; \`positions add\` in a ` +
        "terminal takes more", "bad");
    }
    const facts = [...this.facts.querySelectorAll("input")].map(one => [one.name, one.value]);
    const whose = this.textOf.checked && !this.textOfRow.hidden
      ? {text_of: this.view.source.id} : Object.fromEntries(facts);
    this.tell("The document is read: a long one takes a while.");
    let raw = null;
    try { raw = file && new Uint8Array(await file.arrayBuffer()); } catch {
      return this.tell(`nothing was added: ${file.name} cannot be read any more; choose it again`, "bad");
    }
    this.sent = this.send({act: "add", name: file?.name ?? "", text: this.pasted.value,
      body_id: this.by.value, ...whose}, raw ? [raw] : [], LONG);
  }
  added() {
    for (const one of this.add.querySelectorAll("input, textarea, select")) one.value = "";
    this.textOf.checked = this.facts.hidden = this.add.open = false;
    this.box.focus();
  }

  // --- the codebook --------------------------------------------------------------------------

  setBook(book) {
    this.book = book;
    this.general.replaceChildren(...book.general.map(said => h("li", {}, said)));
    for (const one of [this.body, this.by]) {
      one.replaceChildren(h("option", {value: ""}, "choose"),
        ...book.bodies.map(([id, name]) => h("option", {value: id}, name)));
    }
    this.filter();
  }
  filter() {
    const sought = this.search.value.trim().toLowerCase().split(/\s+/);
    const chosen = this.list.value;
    const found = this.book.propositions.filter(one => {
      const all = [one.id, one.theme, one.label, one.statement, ...one.rulings].join(" ").toLowerCase();
      return sought.every(word => all.includes(word));
    });
    this.list.replaceChildren(...found.map(one => h("option", {value: one.id},
      `${one.label} (${one.theme})`)));
    this.list.value = found.some(one => one.id === chosen) ? chosen : found[0]?.id ?? "";
    this.entry();
  }
  choose(id) {
    if (this.list.value !== id) { this.search.value = ""; this.filter(); this.list.value = id; }
    this.entry();
  }
  entry() {
    const one = this.book.propositions.find(p => p.id === this.list.value);
    this.statement.textContent = one ? one.statement : "No proposition has these words.";
    this.rulings.replaceChildren(...(one?.rulings ?? []).map(said => h("li", {}, said)));
    this.rulings.hidden = !one?.rulings.length;
  }
  other(by) {
    const to = this.list.selectedIndex + by;
    if (to < 0 || to >= this.list.options.length) return;
    this.list.selectedIndex = to;
    this.entry();
    this.tell(this.statement.textContent);
  }

  // --- what Python says is to be shown -------------------------------------------------------

  show(view) {
    const before = this.view;
    const moved = !before || before.queue !== view.queue || before.text_id !== view.text_id ||
      JSON.stringify(before.cell) !== JSON.stringify(view.cell);
    this.view = view;
    const {queue, source} = view;
    this.root.setAttribute("aria-label", `Workbench of ${view.coder}: ${view.study}`);
    for (const [n, made] of this.queues.entries()) {
      const {id, label, left} = view.queues[n];
      made.textContent = left ? `${label} (${left})` : label;
      made.setAttribute("aria-pressed", id === queue);
    }
    this.progress.textContent = [view.progress, view.agreement, view.left].filter(Boolean).join(" ");
    this.notices.replaceChildren(...view.notices.map(said => h("li", {}, said)));
    this.notices.hidden = !view.notices.length;
    this.items.replaceChildren(...view.items.map(item => h("option",
      {value: JSON.stringify(item.id), selected: item.here}, `${item.done ? "✓ " : ""}${item.label}`)));
    this.title.textContent = source.title || "Nothing here";
    const seen = {whole: "whole text", opening: "only the opening was seen"}[source.text_seen];
    this.about.textContent = [source.publisher, source.published, source.kind, seen]
      .filter(Boolean).join(" · ");
    this.problem.textContent = source.id ? source.problem : "";
    this.problem.hidden = !this.problem.textContent;
    this.box.setAttribute("aria-label", `Text of ${source.title}`);
    if (this.text.id !== view.text_id) this.text.show(view.text_id, this.texts.get(view.text_id));
    else if (moved) this.text.clear();
    this.text.mark(view.marks);
    if (queue !== "code" && view.marks.length) this.text.uncover(this.text.marks[0]);
    if (moved) { this.measured(null); this.reset(); }
    this.fill(view, moved);
  }
  fill(view, moved) {
    const {queue} = view;
    const coding = queue === "code", checking = queue === "check";
    const done = coding ? view.finished : checking && view.locked;
    const some = coding ? Boolean(view.source.id) : Boolean(view.cell);
    this.form.hidden = done || !some;
    this.bodyRow.hidden = this.bases.hidden = this.finish.hidden = !coding;
    this.undo.hidden = checking;
    this.none.hidden = coding;
    this.none.lastChild.data = checking ? " nothing to code" : " strike the cell";
    this.noteName.textContent = queue === "decide" ? "Reason " : "Note ";
    this.act.textContent = coding ? "Code this phrase" : checking ? "Lock this verdict" : "Decide";
    const asked = this.book.propositions.find(one => one.id === view.proposition);
    const typed = this.view.source.typed;
    this.finding.hidden = typed;
    this.typedRow.hidden = !typed;
    this.box.classList.toggle("none", typed);
    this.add.hidden = !coding;
    this.textOfRow.hidden = !coding || !view.source.id || Boolean(this.texts.get(view.text_id));
    this.textOfRow.lastChild.textContent = `It is the text of ${view.source.id}`;
    if (this.textOfRow.hidden) this.textOf.checked = this.facts.hidden = false;
    if (coding) this.fields(view.adding);
    this.question.textContent = coding || !some ? "" :
      `What does ${view.body} say on: “${asked.statement}”`;
    if (coding && moved) this.body.value = view.body;
    if (!coding && some && moved) this.choose(view.proposition);
    this.finish.textContent = "Finish this text";
    this.verdict.textContent = this.told(view, coding, checking);
    this.verdict.hidden = !this.verdict.textContent;
    this.readings.replaceChildren(...(view.readings ?? []).map(one => this.reading(one)));
    this.readings.hidden = !view.readings?.length;
    this.rows.replaceChildren(...(coding && view.rows.length ? [this.own(view)] : []));
    this.counts.replaceChildren(
      table("By text", ["Text", "Done"], view.by_source),
      table("By proposition", ["Proposition", "Done"], view.by_proposition));
    this.more.textContent = `All of it is saved in ${view.folder}.`;
  }
  told(view, coding, checking) {
    if (coding) return view.finished ? "You have finished this text: its codes stay as they are." : "";
    if (checking && view.locked) {
      const said = view.verdict === "" ? "nothing to code" : signed(view.verdict);
      const blind = view.blind === "yes" ? "" : " (not blind)";
      return `Your verdict is locked: ${said}${blind}. ${view.note} Below is what others read.`;
    }
    if (!checking && view.decision) {
      const said = view.decision.stance === "" ? "struck" : signed(view.decision.stance);
      return `You decided: ${said}. ${view.decision.reason}`;
    }
    return !checking && view.cell ? `To be decided: ${view.why}.` : "";
  }
  reading(one) {
    const kind = {coder: "", check: " (check)", decision: ""}[one.kind];
    const made = h("li", {}, h("b", {}, one.who + kind), " ",
      h("b", {class: "code"}, one.stance === null ? "nothing to code" : signed(one.stance)),
      one.basis ? ` ${one.basis}` : "");
    if (one.quote) made.append(h("q", {}, one.quote));
    if (one.note) made.append(h("span", {class: "why"}, one.note));
    return made;
  }
  own(view) {
    return table("Your phrases in this text", ["Body", "Proposition", "Code", "Basis", "Phrase",
      "Note", ""], view.rows.map(one => [one.body, one.label, signed(one.stance), one.basis,
      one.quote, one.note, view.finished ? "" : h("button", {type: "button",
        "aria-label": `Take out: ${one.label}, ${one.quote}`,
        onclick: () => this.send({act: "remove", key: one.key})}, "Take out")]));
  }

  // --- what a person does --------------------------------------------------------------------

  go(to) { this.send({act: "go", to}); }
  step(by) { this.send({act: "go", to: by}); }
  selected(start, end, some) {
    this.forget();
    if (!some) {
      this.measured(null);
      const word = this.text.words[this.text.at];
      this.caret.textContent = word ? this.text.ruler.text.slice(...word) : "";
      return;
    }
    this.soon = setTimeout(() => { this.measuring = this.send({act: "measure", start, end}); }, 60);
  }
  // A phrase that is measured late is not shown over what was done since.
  forget() {
    clearTimeout(this.soon);
    this.measuring = null;
  }
  typing() {
    this.forget();
    if (!this.typed.value.trim()) return this.measured(null);
    this.soon = setTimeout(() => {
      this.measuring = this.send({act: "measure", quote: this.typed.value});
    }, 200);
  }
  measured(answer) {
    const found = answer?.phrase, typed = this.view?.source.typed;
    this.phrase.replaceChildren(found ? h("q", {}, found.quote) : `No phrase ${typed ? "typed" : "selected"}.`,
      h("span", {class: found?.problem ? "count bad" : "count"},
        found ? ` ${found.words} of 25 words${found.problem ? `: ${found.problem}` : ""}` : ""));
    if (!answer || typed) return;
    this.text.take(found, true);
    this.caret.textContent = `${found.quote}: ${found.words} words`;
    this.tell("");
  }
  checked(part) { return part.querySelector("input:checked")?.value ?? null; }
  set(part, value) {
    for (const input of part.querySelectorAll("input")) input.checked = input.value === value;
  }
  reset() {
    this.set(this.stances, null);
    this.set(this.bases, "stated");
    this.note.value = this.typed.value = "";
    this.text.clear();
    this.measured(null);
  }
  stance() {
    const value = this.checked(this.stances);
    if (value === "none") return null;
    return value === null ? "" : Number(value);
  }
  submit() {
    const {view, note} = this;
    if (!view || this.form.hidden) return;
    this.forget();
    if (view.queue === "code") {
      const [from, to] = this.text.selection ?? [0, 0];
      this.acting = this.send({act: "code", source_id: view.source.id, body_id: this.body.value,
        proposition_id: this.list.value, stance: this.stance(), basis: this.checked(this.bases),
        ...(view.source.typed ? {quote: this.typed.value}
          : {start: this.text.ruler.point(from), end: this.text.ruler.point(to)}), note: note.value});
    } else if (view.queue === "check") {
      this.acting = this.send({act: "lock", cell: view.cell, stance: this.stance(), note: note.value});
    } else {
      this.acting = this.send({act: "decide", cell: view.cell, stance: this.stance(),
        reason: note.value});
    }
    if (document.activeElement === note) this.box.focus();
  }
  finishing() {
    if (this.finish.dataset.sure !== this.view.source.id) {
      this.finish.dataset.sure = this.view.source.id;
      this.finish.textContent = "Finish it: its codes can then not be changed";
      return;
    }
    delete this.finish.dataset.sure;
    this.send({act: "finish", source_id: this.view.source.id});
  }
  key(event) {
    const at = event.target;
    if (event.key === "Escape" && at !== this.box) { event.preventDefault(); this.box.focus(); return; }
    const typing = at.matches("textarea, select, input:not([type=radio])");
    if (!this.keysOn || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = this.keyed(event.key, at);
    if (done) event.preventDefault();
  }
  keyed(key, at) {
    if (/^[1-5]$/.test(key)) { this.pick(this.stances, STANCES[key - 1][0]); return true; }
    if (key === "0" && !this.none.hidden) { this.pick(this.stances, "none"); return true; }
    const basis = {s: "stated", i: "implied", r: "reported"}[key];
    if (basis && !this.bases.hidden) { this.pick(this.bases, basis); return true; }
    if (key === "Enter" && at.matches("button, summary, a")) return false;
    const does = {
      Enter: () => this.submit(), u: () => this.undo.hidden || this.send({act: "undo"}),
      a: () => { if (!this.add.hidden) { this.add.open = true; this.file.focus(); } },
      t: () => this.box.focus(),
      f: () => (this.view.source.typed ? this.typed : this.find).select(), p: () => this.search.select(),
      m: () => this.note.focus(), n: () => this.go("next"), ",": () => this.step(-1),
      ".": () => this.step(1), "[": () => this.other(-1), "]": () => this.other(1),
    }[key];
    if (!does) return false;
    does();
    return true;
  }
  pick(part, value) {
    this.set(part, value);
    this.tell(part.querySelector("input:checked")?.parentElement.textContent ?? "");
  }
}

function signed(stance) { return Number(stance) > 0 ? `+${stance}` : String(stance); }

function table(caption, heads, rows) {
  return h("table", {}, h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map(head => head ? h("th", {scope: "col"}, head) : h("td")))),
    h("tbody", {}, ...rows.map(([first, ...others]) => h("tr", {}, h("th", {scope: "row"}, first),
      ...others.map(cell => h("td", {}, cell ?? ""))))));
}

export default {
  render({model, el}) {
    const page = new Page(model, el);
    return () => page.close();
  },
};
