// When the next observation is due: by the times that the server has reckoned, and what came since.
import * as clock from "./off-line-clock.js";
import { at, band, lights, say, series } from "./off-line-row.js";

// The planned time after the one that the last observation was nearest to; sooner while outside.
export function nextDue(plan, last, outside) {
  if (!plan.planned.length) return null;
  if (last === null) return plan.planned[0];
  const away = plan.planned.map((one) => Math.abs(one.at - last));
  const nearest = away.indexOf(Math.min(...away));
  const following = plan.planned[nearest + 1];
  const current = following ?? plan.planned[nearest];
  const sooner = last + current.tight;
  if (!outside || (following && sooner >= following.at)) return following ?? null;
  const grace = current.tight_grace ?? (plan.tight ? plan.tight.grace * 60000 : current.late - current.at);
  return { ...current, at: sooner, late: sooner + grace };
}

const signsSeen = (plan, row) =>
  row.fields.some(
    ([name, id]) =>
      name === "signs" && ["amber", "red"].includes(plan.signs.find((one) => one.id === id)?.light),
  );

// Columns that were outside when they were last stored.
function outsideStored(plan) {
  const sets = series(plan, []);
  return plan.columns.filter((column) => {
    const last = sets.find(({ values }) => values.has(column.name));
    return last && band(column, last.values.get(column.name));
  });
}

// Is something outside? Each column as it was last measured; a sign until the server says it is over.
export function outside(plan, rows) {
  const sets = rows.filter(({ what, strike }) => what === "vitals" && !strike);
  if (sets.some((row) => signsSeen(plan, row)) || plan.standing?.length) return true;
  const all = series(plan, rows);
  const newest = new Map();
  for (const row of sets.toSorted((one, other) => at(other) - at(one))) {
    for (const { name, light } of lights(plan, row.fields, at(row), all)) {
      if (!newest.has(name)) newest.set(name, light);
    }
  }
  if ([...newest.values()].some(Boolean)) return true;
  const stored = outsideStored(plan);
  return Boolean(plan.outside_now) && !(stored.length && stored.every(({ name }) => newest.has(name)));
}

// What was done last, and what follows from it; a danger sign tapped, or a pulse alone, is no observation.
export function due(plan, rows, now = clock.now()) {
  const kept = series(plan, rows).filter(({ entry, counts }) => entry && counts);
  const times = [plan.measured_last, ...kept.map((one) => one.at)];
  const done = times.filter((one) => one !== null && one <= now);
  return nextDue(plan, done.length ? Math.max(...done) : null, outside(plan, rows));
}

export function dueNow(plan, rows, words) {
  const found = due(plan, rows);
  if (!found) return { line: "", kind: "" };
  const gone = Math.round((clock.now() - found.at) / 60000);
  const late = clock.now() >= found.late;
  const line = gone < 0 ? words.due_in : late ? words.overdue : words.due_now;
  const kind = late ? "card--late" : gone < 0 ? "" : "card--due";
  return { line: say(line, { n: Math.abs(gone), at: clock.clock(found.at) }), kind };
}
