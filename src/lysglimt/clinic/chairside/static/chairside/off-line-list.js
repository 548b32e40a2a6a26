// What is typed and not sent, each with how it stands: waiting, refused, or beside something else.
import * as clock from "./off-line-clock.js";
import { lights, nextDue, say } from "./off-line-row.js";

// `facts` are attributes, by names of ours.
export function el(tag, facts = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, fact] of Object.entries(facts)) made.setAttribute(name, fact);
  made.append(...inside.filter((part) => part !== null));
  return made;
}

const value = (row, name) => row.fields.find(([field]) => field === name)?.[1] ?? "";

export function when(row, words) {
  const typed = value(row, "clock");
  if (typed) return typed;
  return clock.clock(row.times.reckoned_at - Number(value(row, "ago") || 0) * 60000);
}

function marked({ label, typed, light, why }, words) {
  const mark = light && el("span", { class: "mark" }, words[light], why ? ` ${why}` : "");
  const past = { red: "past-limit", amber: "near-limit" }[light] ?? "";
  return el("span", { class: past }, `${label} ${typed} `, mark || "", " · ");
}

function summary(row, plan, words) {
  if (row.what === "event") {
    const kind = value(row, "kind");
    const tile = plan.tiles.find(([name]) => name === kind)?.[1];
    const parts = [tile ?? words.kinds[kind], value(row, "amount"), value(row, "comment")];
    return [parts.filter(Boolean).join(": ")];
  }
  const signs = row.fields.filter(([name]) => name === "signs").map(([, id]) => id);
  const named = signs.map((id) => plan.signs.find((one) => one.id === id)?.name ?? id);
  const said = [...named, value(row, "not_measured"), value(row, "comment")].filter(Boolean);
  return [...lights(plan, row.fields).map((one) => marked(one, words)), said.join(" · ")];
}

// Nothing is thrown away, nor put in the place of what stands, without a reason.
function withReason(label, words, done) {
  const id = `reason-${crypto.randomUUID()}`;
  const input = el("input", { id, class: "ds-input", maxlength: 200, required: "", autocomplete: "off" });
  const form = el(
    "form",
    { class: "unsent__reason" },
    el("label", { for: id }, words.reason),
    input,
    button(label, "submit"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done(input.value.trim());
  });
  return form;
}

function button(label, type = "button") {
  return el("button", { type, class: "ds-button", "data-variant": "secondary" }, label);
}

function doing(label, deed) {
  const made = button(label);
  made.addEventListener("click", deed);
  return made;
}

function merge(row, words, acts) {
  const { theirs, mine, by, at } = row.told;
  const labels = [...new Set([...theirs, ...mine].map(([label]) => label))];
  const said = (rows, label) => rows.find(([name]) => name === label)?.[1] ?? "–";
  const lines = labels.map((label) => {
    const [stands, typed] = [said(theirs, label), said(mine, label)];
    const differs = stands !== typed;
    const cell = (text) => el("td", {}, differs ? el("strong", {}, text) : text);
    return el("tr", {}, el("th", { scope: "row" }, label), cell(stands), cell(typed));
  });
  const head = [words.what, say(words.stands, { by, at }), words.typed_here];
  return [
    el("p", {}, el("strong", {}, words.other)),
    el(
      "table",
      { class: "ds-table table" },
      el("caption", { class: "visually-hidden" }, words.other),
      el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...lines),
    ),
    withReason(words.take_theirs, words, (reason) => acts.strike(row, reason)),
    withReason(words.send_mine, words, (reason) => acts.amend(row, reason)),
  ];
}

function refused(row, words, acts) {
  const { refused: why, confirm, asked } = row.told;
  const told = asked ? [asked] : why;
  return [
    ...told.map((line) => el("p", {}, el("strong", {}, line))),
    el(
      "div",
      { class: "buttons" },
      confirm ? doing(words.is_right, () => acts.confirm(row, confirm)) : null,
      row.what === "vitals" ? doing(words.correct, () => acts.correct(row)) : null,
    ),
    withReason(words.strike, words, (reason) => acts.strike(row, reason)),
  ];
}

function item(row, plan, words, acts) {
  const states = { waiting: words.waiting, refused: words.refused, other: words.not_stored };
  const rest = !acts
    ? []
    : row.state === "other"
      ? merge(row, words, acts)
      : row.state === "refused"
        ? refused(row, words, acts)
        : [];
  const line = el(
    "p",
    {},
    el("strong", {}, when(row, words)),
    " ",
    ...summary(row, plan, words),
    " ",
    el("span", { class: "mark" }, states[row.state]),
  );
  // Nothing was sent yet: whoever sees the mistake puts it right here.
  const early =
    row.state === "waiting" && acts?.correct && row.what === "vitals"
      ? doing(words.correct, () => acts.correct(row))
      : null;
  return el("li", { class: `unsent__row unsent__row--${row.state}` }, line, early, ...rest);
}

export function show(place, rows, plan, words, acts) {
  place.hidden = !rows.length;
  const heading = say(rows.length === 1 ? words.unsent_one : words.unsent_many, { n: rows.length });
  place.querySelector("h2").textContent = heading;
  const list = place.querySelector("ul");
  list.replaceChildren(...rows.map((row) => item(row, plan, words, acts)));
}

const at = (row) => row.times.reckoned_at - Number(value(row, "ago") || 0) * 60000;

// The next observation by the plan and what is charted here since.
export function dueNow(plan, rows, words) {
  const sets = rows.filter((row) => row.what === "vitals" && lights(plan, row.fields).length);
  const times = [plan.measured_last, ...sets.map(at)].filter((one) => one !== null);
  const last = times.length ? Math.max(...times) : null;
  const newest = sets.find((row) => at(row) === last);
  const outside = newest && lights(plan, newest.fields).some(({ light }) => light);
  const due = nextDue(plan, last, outside);
  if (!due) return { line: "", kind: "" };
  const gone = Math.round((clock.now() - due.at) / 60000);
  const late = clock.now() >= due.late;
  const line = gone < 0 ? words.due_in : late ? words.overdue : words.due_now;
  const kind = late ? "card--late" : gone < 0 ? "" : "card--due";
  return { line: say(line, { n: Math.abs(gone), at: clock.clock(due.at) }), kind };
}
