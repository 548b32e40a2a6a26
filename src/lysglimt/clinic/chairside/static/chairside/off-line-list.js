// What is typed and not sent, each with how it stands: waiting, refused, or beside something else.
import * as clock from "./off-line-clock.js";
import { at, lights, say, series, value } from "./off-line-row.js";

// `facts` are attributes, by names of ours.
export function el(tag, facts = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, fact] of Object.entries(facts)) made.setAttribute(name, fact);
  made.append(...inside.filter((part) => part !== null));
  return made;
}

const PAST = { red: "past-limit", amber: "near-limit" };

export function marked({ label, typed, light, why, end = " · " }, words) {
  const mark = light && words[light] && el("span", { class: "mark" }, words[light], why ? ` ${why}` : "");
  return el("span", { class: (mark && PAST[light]) || "" }, `${label} ${typed} `, mark || "", end);
}

function summary(row, plan, words, before) {
  if (row.shut) return [words.shut];
  if (row.what === "event") {
    const kind = value(row, "kind");
    const tile = plan.tiles.find(([name]) => name === kind)?.[1];
    const parts = [tile ?? words.kinds[kind], value(row, "amount"), value(row, "comment")];
    return [parts.filter(Boolean).join(": ")];
  }
  const signs = row.fields.filter(([name]) => name === "signs").map(([, id]) => id);
  const seen = signs.map((id) => plan.signs.find((one) => one.id === id) ?? { name: id });
  const told = seen.map(({ name, light }) => marked({ label: name, typed: "", light }, words));
  const said = [value(row, "not_measured"), value(row, "comment")].filter(Boolean);
  const read = lights(plan, row.fields, at(row), before).map((one) => marked(one, words));
  return [...read, ...told, said.join(" · ")];
}

// What stood there before it was put right.
function earlier(row, plan, words) {
  const inWords = (fields) =>
    summary({ ...row, fields }, plan, words, [])
      .map((one) => one.textContent ?? one)
      .join("")
      .trim();
  const was = (row.before ?? []).map(inWords).filter((one) => one !== inWords(row.fields));
  const told = was.flatMap((one) => [el("del", {}, one), " "]);
  return told.length ? el("p", { class: "quiet unsent__before" }, `${words.before} `, ...told) : null;
}

const button = (label, type = "button") =>
  el("button", { type, class: "ds-button", "data-variant": "secondary" }, label);

function doing(label, deed) {
  const made = button(label);
  made.addEventListener("click", deed);
  return made;
}

// A line of labelled fields and what to do with them; by its name it is a draft as any other form.
function asking(fields, label, done, draft) {
  const inputs = fields.map(({ name, words, typed = "", ...facts }) => {
    const id = `asked-${crypto.randomUUID()}`;
    const input = el("input", { id, name, class: "ds-input", autocomplete: "off", value: typed, ...facts });
    return [el("label", { for: id }, words), input];
  });
  const named = draft ? { "data-draft": draft } : {};
  const form = el("form", { class: "unsent__reason", ...named }, ...inputs.flat(), button(label, "submit"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    done(new Map(inputs.map(([, input]) => [input.name, input.value.trim()])), form);
  });
  return form;
}

// Nothing is thrown away, nor put in the place of what stands, without a reason.
function withReason(row, label, words, done) {
  const field = { name: "reason", words: words.reason, maxlength: 200, required: "" };
  const decided = (said, form) => {
    if (!said.get("reason")) return;
    form.inert = true; // half typed no more
    done(said.get("reason"));
  };
  return asking([field], label, decided, `${row.entry} ${label}`);
}

// An event is put right where it stands: what it was stays, how much, what was said, and when.
function changing(row, words, acts) {
  const drug = value(row, "kind") === "drug_given";
  const fields = [
    drug && { name: "amount", words: words.amount, maxlength: 40 },
    { name: "comment", words: words.comment, maxlength: 500 },
    { name: "clock", words: words.at_clock, size: 5 },
  ].filter(Boolean);
  const typed = fields.map((one) => ({ ...one, typed: value(row, one.name) }));
  const form = asking(typed, words.correct, (said) => {
    const rest = row.fields.filter(([name]) => !said.has(name));
    acts.change(row, [...rest, ...said]);
  });
  return el("details", {}, el("summary", {}, words.correct), form);
}

function correcting(row, words, acts) {
  if (row.shut) return null;
  if (row.what === "event") return acts?.change ? changing(row, words, acts) : null;
  return acts?.correct ? doing(words.correct, () => acts.correct(row)) : null;
}

function merge(row, words, acts) {
  const { theirs, mine, by, at: when } = row.told;
  const labels = [...new Set([...theirs, ...mine].map(([label]) => label))];
  const said = (rows, label) => rows.find(([name]) => name === label)?.[1] ?? "–";
  const lines = labels.map((label) => {
    const [stands, typed] = [said(theirs, label), said(mine, label)];
    const differs = stands !== typed;
    const cell = (text) => el("td", {}, differs ? el("strong", {}, text) : text);
    return el("tr", {}, el("th", { scope: "row" }, label), cell(stands), cell(typed));
  });
  const head = [words.what, say(words.stands, { by, at: when }), words.typed_here];
  return [
    el("p", {}, el("strong", {}, words.other)),
    el(
      "table",
      { class: "ds-table table" },
      el("caption", { class: "visually-hidden" }, words.other),
      el("thead", {}, el("tr", {}, ...head.map((name) => el("th", { scope: "col" }, name)))),
      el("tbody", {}, ...lines),
    ),
    acts?.strike ? withReason(row, words.take_theirs, words, (reason) => acts.strike(row, reason)) : null,
    acts?.amend ? withReason(row, words.send_mine, words, (reason) => acts.amend(row, reason)) : null,
  ];
}

function refused(row, words, acts) {
  const { refused: why = [], confirm, asked } = row.told;
  const told = asked ? [asked] : why;
  return [
    ...told.map((line) => el("p", {}, el("strong", {}, line))),
    el(
      "div",
      { class: "buttons" },
      confirm && acts?.confirm ? doing(words.is_right, () => acts.confirm(row, confirm)) : null,
      correcting(row, words, acts),
    ),
    acts?.strike ? withReason(row, words.strike, words, (reason) => acts.strike(row, reason)) : null,
  ];
}

// Only what no server can have is thrown away here; with its reason it is told to the server later.
function early(row, words, acts) {
  if (row.shut) return [acts?.strike ? withReason(row, words.strike, words, (why) => acts.strike(row, why)) : null];
  const remove = acts?.remove && !row.tried;
  return [
    correcting(row, words, acts),
    remove
      ? el(
          "details",
          {},
          el("summary", {}, words.remove),
          withReason(row, words.remove, words, (reason) => acts.remove(row, reason)),
        )
      : null,
  ];
}

function item(row, plan, words, acts, before) {
  const states = { waiting: words.waiting, refused: words.refused, other: words.not_stored };
  const others = before.filter(({ entry }) => entry !== row.entry);
  const line = [
    el("strong", {}, row.shut ? "" : clock.clock(at(row))),
    " ",
    ...summary(row, plan, words, others),
    " ",
  ];
  if (row.strike) {
    const why = el("span", { class: "mark" }, `${words.removed} ${row.strike}`);
    return el("li", { class: "unsent__row", "data-entry": row.entry }, el("p", {}, el("del", {}, ...line), why));
  }
  const state = row.shut ? null : el("span", { class: "mark" }, states[row.state]);
  const rest = { other: merge, refused }[row.state] ?? early;
  const kind = row.shut ? "refused" : row.state;
  return el(
    "li",
    { class: `unsent__row unsent__row--${kind}`, "data-entry": row.entry },
    el("p", {}, ...line, state),
    earlier(row, plan, words),
    ...rest(row, words, acts),
  );
}

const fields = (list) =>
  [...list.children].flatMap((line) =>
    [...line.querySelectorAll("input")].map((field, n) => [`${line.dataset.entry}${line.className}${n}`, field]),
  );

// A row is drawn anew whenever another is sent: what somebody is typing in it stays.
function keepingTyped(list, draw) {
  const [before, focused] = [new Map(fields(list)), document.activeElement];
  draw();
  for (const [name, field] of fields(list)) {
    const typed = before.get(name);
    if (typed?.value) field.value = typed.value;
    if (typed?.closest("details")?.open) field.closest("details").open = true;
    if (typed === focused) field.focus({ preventScroll: true });
  }
}

export function show(place, rows, plan, words, acts) {
  place.hidden = !rows.length;
  const heading = say(rows.length === 1 ? words.unsent_one : words.unsent_many, { n: rows.length });
  place.querySelector("h2").textContent = heading;
  const list = place.querySelector("ul");
  const all = series(plan, rows);
  keepingTyped(list, () => list.replaceChildren(...rows.map((row) => item(row, plan, words, acts, all))));
}
