// Holds what is typed against the ranges that the server has reckoned. It decides nothing.
import * as clock from "./off-line-clock.js";

export const say = (words, facts) =>
  Object.entries(facts).reduce((said, [name, fact]) => said.replace(`{${name}}`, fact), words);

export const value = ({ fields }, name) => fields.find(([field]) => field === name)?.[1] ?? "";

// When it was, by what was typed and when.
export function at(row) {
  const { reckoned_at: typed } = row.times;
  if (value(row, "clock")) return clock.lastAt(value(row, "clock"), typed);
  return typed - Number(value(row, "ago") || 0) * 60000;
}

// "120/80" in the first field is both pressures.
export function parted(fields) {
  const typed = (name) => value({ fields }, name);
  const [systolic, diastolic] = typed("systolic").split("/");
  if (diastolic === undefined || typed("diastolic")) return fields;
  const said = { systolic: systolic.trim(), diastolic: diastolic.trim() };
  return fields.map(([name, one]) => [name, said[name] ?? one]);
}

function read(plan, fields) {
  const typed = new Map(parted(fields));
  return plan.columns
    .filter((column) => (typed.get(column.name) ?? "").trim() !== "")
    .map((column) => ({ column, typed: typed.get(column.name).trim(), ticked: typed }))
    .map((one) => ({ ...one, value: /^\d+$/.test(one.typed) ? Number(one.typed) : NaN }));
}

export function band(column, number, ticked = new Map()) {
  const past = ({ above, below, only }) =>
    (!only || ticked.has(only)) &&
    ((above !== null && number >= above) || (below !== null && number <= below));
  return column.bands.find(past) ?? null;
}

// Every set with numbers that this tablet knows of, the newest first: stored, and kept here.
export function series(plan, rows) {
  const stored = plan.stored.sets
    .filter(({ values }) => values)
    .map(({ measured_at: when, values }) => ({ at: when, values: new Map(Object.entries(values)) }));
  const kept = rows
    .filter(({ what, strike }) => what === "vitals" && !strike)
    .map((row) => ({
      entry: row.entry,
      at: at(row),
      values: new Map(read(plan, row.fields).map((one) => [one.column.name, one.value])),
      // A pulse alone is no observation; a pressure that was not measured, and why, is one.
      counts: Boolean(value({ fields: parted(row.fields) }, "systolic") || value(row, "not_measured")),
    }));
  return [...stored, ...kept].sort((one, other) => other.at - one.at);
}

const minute = (when) => Math.floor(when / 60000);

// Red where it has been that high in every set since one that was long enough ago.
function held(plan, name, number, when, before) {
  const rule = plan.held?.[name];
  if (!rule || !(number >= rule.at)) return null;
  let first = when;
  for (const { at: then, values } of before) {
    if (then > when || !values.has(name)) continue;
    if (!(values.get(name) >= rule.at)) break;
    first = then;
  }
  return minute(when) - minute(first) >= rule.apart ? `≥ ${rule.at}, ${rule.apart} min` : null;
}

// Every reading with its light and why; `before` are the other sets, the newest first.
export const lights = (plan, fields, when = clock.now(), before = []) =>
  read(plan, fields).map(({ column, typed, value: number, ticked }) => {
    const found = band(column, number, ticked);
    const lasts = found?.light === "red" ? null : held(plan, column.name, number, when, before);
    const [light, why] = lasts ? ["red", lasts] : [found?.light, found?.words];
    return { name: column.name, label: column.label, typed, light, why };
  });

// What cannot be: the entry stops here, as it does on line.
export function impossible(plan, fields, words) {
  const rows = read(plan, fields);
  const found = rows
    .filter(({ column, value: number }) => !(number >= column.lowest && number <= column.highest))
    .map(({ column, typed }) => say(words.outside, { ...column, typed }));
  const [high, low] = ["systolic", "diastolic"].map(
    (name) => rows.find(({ column }) => column.name === name)?.value,
  );
  if (low >= high) found.push(words.swapped);
  const told = fields.some(([name, said]) => ["signs", "signs_over", "not_measured"].includes(name) && said);
  if (!rows.length && !told) found.push(words.empty);
  return found;
}

// What can be and seldom is: asked once; `confirm` is what the server expects of the tick.
export function questions(plan, fields) {
  const rows = read(plan, fields);
  const odd = plan.order
    .map((name) => rows.find(({ column }) => column.name === name))
    .filter((one) => one && (one.value < one.column.ask_below || one.value > one.column.ask_above));
  const confirm = odd.map(({ column, value: number }) => `${column.name}=${number}`).join(";");
  return { confirm, asked: odd.map(({ column, typed }) => `${column.label}: ${typed}`) };
}

// A panel that stops, or asks once; resolves with the fields to keep, or null.
export function checked(plan, fields, words, panel, form) {
  const stops = impossible(plan, fields, words);
  const { confirm, asked } = questions(plan, fields);
  const known = fields.some(([name, said]) => name === "confirmed" && said === confirm);
  panel.replaceChildren();
  panel.hidden = !stops.length && (!confirm || known);
  if (panel.hidden) return Promise.resolve(fields);
  panel.append(...(stops.length ? stops : [words.unusual, ...asked]).map((line) => {
    const told = document.createElement("p");
    told.textContent = line;
    return told;
  }));
  if (stops.length) return Promise.resolve(null);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ds-button";
  button.textContent = words.is_right;
  panel.append(button);
  button.focus();
  return new Promise((done) => {
    const end = (said) => {
      panel.hidden = true;
      done(said);
    };
    form.addEventListener("input", () => end(null), { once: true }); // another value, asked anew
    button.addEventListener("click", () => {
      end([...fields.filter(([name]) => name !== "confirmed"), ["confirmed", confirm]]);
    });
  });
}
