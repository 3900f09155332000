"use strict";
/* Weights moved by hand: scores, bounds, base and order follow.

The rules are those of `measures._kernel`, and a test holds the two equal. What is not the study's
own stands in the address, so that a page can be sent as it is seen. Nothing is asked for. */

const LOW = -2, HIGH = 2;
const BLANKS = ["out", "neutral", "against", "for"];

/** How far two places are apart, as a share of the furthest that one could be from the second. */
function distance(position, reference) {
  return Math.abs(position - reference) / Math.max(reference - LOW, HIGH - reference);
}

/** How far a blank is taken to be; null where it is left out. */
function ofBlank(blank, reference) {
  if (blank === "out") return null;
  return blank === "neutral" ? distance(0, reference) : blank === "against" ? 1 : 0;
}

/** Each body's agreement, range and base.
 *  `references` and `weights` have one number a point; `positions` one row a body, null for a
 *  blank. A point of weight 0 takes no part. */
function scores(references, weights, positions, blank) {
  return positions.map(row => {
    let far = 0, weight = 0, heard = 0, all = 0, spoke = 0, of = 0, nearest = 0;
    row.forEach((position, at) => {
      const heavy = weights[at], reference = references[at];
      if (!(heavy > 0)) return;
      of += 1;
      all += heavy;
      if (position !== null) {
        spoke += 1;
        heard += heavy;
        nearest += heavy * distance(position, reference);
      }
      const apart = position === null ? ofBlank(blank, reference) : distance(position, reference);
      if (apart === null) return;
      far += heavy * apart;
      weight += heavy;
    });
    return {
      agreement: weight > 0 ? 1 - far / weight : null,
      lower: all > 0 ? 1 - (nearest + all - heard) / all : null,
      upper: all > 0 ? 1 - nearest / all : null,
      spoke, of,
    };
  });
}

/** The bodies in order: who spoke on enough, the most agreeing first; then the others, as given. */
function order(found, least) {
  const enough = found.map((one, at) => at).filter(
    at => found[at].spoke >= least && found[at].agreement !== null);
  enough.sort((a, b) => found[b].agreement - found[a].agreement || a - b);
  return [enough, found.map((one, at) => at).filter(at => !enough.includes(at))];
}

/** What is not the study's own, as the part of an address after the hash. */
function address(state, own) {
  const parts = [];
  if (state.blank !== own.blank) parts.push("blank=" + state.blank);
  if (state.evidence !== own.evidence) parts.push("evidence=" + state.evidence);
  for (const [name, values] of [["kind", "kinds"], ["point", "points"]])
    state[values].forEach((value, at) => {
      if (value !== own[values][at]) parts.push(`${name}${at}=${value}`);
    });
  return parts.join("&");
}

/** The state that an address names; what it does not name, or names wrongly, is the study's own. */
function read(text, own, most, classes) {
  const state = {...own, kinds: [...own.kinds], points: [...own.points]};
  for (const part of text.replace(/^#/, "").split("&")) {
    const [, name, at, value] = /^([a-z]+)(\d*)=([\w.]+)$/.exec(part) || [];
    const number = Number(value), lists = {kind: state.kinds, point: state.points};
    if (name === "blank" && BLANKS.includes(value)) state.blank = value;
    else if (name === "evidence" && classes.includes(value)) state.evidence = value;
    else if (lists[name] && at in lists[name] && number >= 0 && number <= most)
      lists[name][at] = number;
  }
  return state;
}

const percent = share => share === null ? "[x]" : `${Math.round(share * 100)}%`;

function begin() {
  const home = document.getElementById("weights"), given = JSON.parse(home.dataset.study);
  const own = {
    blank: "out", evidence: given.evidence, kinds: given.kinds.map(kind => kind.weight),
    points: given.points.map(point => point.weight),
  };
  const classes = Object.keys(given.positions), rows = new Map();
  const body = home.querySelector("tbody"), said = document.getElementById("said");
  for (const row of body.rows) rows.set(Number(row.dataset.body), row);
  const field = name => document.getElementById(name);
  let state = read(location.hash, own, given.most, classes);

  function show() {
    const weights = given.points.map((point, at) => state.points[at] * state.kinds[point.kind]);
    const references = given.points.map(point => point.reference);
    const positions = given.bodies.map(() => references.map(() => null));
    for (const [of, at, position] of given.positions[state.evidence]) positions[of][at] = position;
    const found = scores(references, weights, positions, state.blank);
    const [enough, few] = order(found, given.least);
    [...enough, ...few].forEach((of, place) => {
      const cells = rows.get(of).cells, one = found[of];
      cells[0].textContent = place < enough.length ? String(place + 1) : "-";
      cells[2].textContent = percent(one.agreement);
      cells[3].textContent = `${percent(one.lower)} to ${percent(one.upper)}`;
      cells[4].textContent = `${one.spoke} of ${one.of}`;
      body.append(rows.get(of));
    });
    const first = enough.map(of => `${given.bodies[of]} ${percent(found[of].agreement)}`);
    said.textContent = first.length ? `Order: ${first.join(", ")}.` : "No body spoke on enough.";
    field("blank").value = state.blank;
    field("evidence").value = state.evidence;
    for (const [name, values] of [["kind", state.kinds], ["point", state.points]])
      values.forEach((value, at) => {
        field(`${name}${at}`).value = value;
        field(`${name}${at}-said`).textContent = value;
      });
    const hash = address(state, own);
    history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  }

  home.addEventListener("input", event => {
    const {id, value} = event.target, [, name, at] = /^([a-z]+)(\d*)$/.exec(id) || [];
    if (name === "kind") state.kinds[at] = Number(value);
    else if (name === "point") state.points[at] = Number(value);
    else if (name) state[name] = value;
    show();
  });
  field("own").addEventListener("click", () => {
    state = read("", own, given.most, classes);
    show();
  });
  window.addEventListener("hashchange", () => {
    state = read(location.hash, own, given.most, classes);
    show();
  });
  for (const part of document.querySelectorAll(".moving")) part.hidden = false;
  document.getElementById("still").hidden = true;
  show();
}

if (typeof document !== "undefined") begin();
if (typeof module !== "undefined") module.exports = {scores, order, address, read};
