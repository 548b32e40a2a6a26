// Sends what was typed without the network: in its order, once, and only for the unit it is of.
import * as clock from "./off-line-clock.js";
import * as seals from "./off-line-seal.js";
import * as store from "./off-line-store.js";

const PATIENCE = 10000;
const opened = new Map(); // session: key, as long as this page is open

export const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const background = { "X-Background": "outbox" };

// Of a signed-in page that is not the session's: its plan and key. Null when not permitted.
export async function prepare(session, unit) {
  const asked = Date.now();
  const answer = await fetch(`/sessions/${session}/off-line/`, {
    headers: background,
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) return null;
  const said = await answer.json();
  return adopt(said, unit, (asked + Date.now()) / 2);
}

// What the server has said of a session; `kept` is when it is on the tablet, too.
export async function adopt({ plan, key, wristband }, unit, at = Date.now()) {
  const { session } = plan;
  const offset = clock.measured(plan.server_at, at);
  const raw = seals.bytes(key);
  opened.set(session, await seals.imported(raw));
  const kept = lay(session, unit, { raw, wristband, plan, offset });
  kept.catch(() => {});
  return { plan, kept };
}

async function lay(session, unit, { raw, wristband, plan, offset }) {
  const before = await store.plan(session);
  const code = before?.code ?? (await seals.wrap(raw, wristband));
  const sealed = await seals.seal(opened.get(session), session, plan);
  await store.keepPlan({ session, unit, code, plan: sealed, offset, fetched: plan.server_at });
}

export const useKey = (session, key) => opened.set(session, key);

// On the disk of the tablet when this is done; the same id once more takes its place.
export async function keep({ session, unit, what, fields, entry, times = clock.times(), told }) {
  const version = crypto.randomUUID();
  const said = { what, fields, times, told };
  const sealed = await seals.seal(opened.get(session), `${session} ${entry}`, said);
  await store.keep({ entry, session, unit, version, state: told?.state ?? "waiting", ...sealed });
  return { entry, session, unit, version, ...said };
}

export async function read(row) {
  const key = opened.get(row.session);
  return key ? { ...row, ...(await seals.open(key, `${row.session} ${row.entry}`, row)) } : row;
}

// stored, refused, other (something else stands under its id), away (nobody knows), closed.
export async function send(row, more = {}) {
  const { what, fields, times } = row;
  const body = new URLSearchParams(fields);
  const beside = { what, ...times, ...more, entry: row.entry, sent_at: Date.now() };
  for (const [name, value] of Object.entries(beside)) body.set(name, value);
  for (const name of ["typed_at", "reckoned_at", "fetched_at"]) {
    body.set(name, Math.round(body.get(name)));
  }
  let answer;
  try {
    answer = await fetch(`/sessions/${row.session}/outbox/`, {
      method: "POST",
      body,
      headers: { ...background, "X-CSRFToken": token() },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = [200, 409, 422].includes(answer.status) ? await answer.json() : {};
    return await told(row, answer, said);
  } catch {
    return { state: "away" };
  }
}

async function told(row, answer, said) {
  if (answer.status === 200 && said.stored) {
    await store.drop(row.entry, row.version);
    return { state: "stored", moved: said.moved };
  }
  const state = { 409: "other", 422: "refused", 403: "closed", 404: "closed" }[answer.status];
  if (!state || state === "closed") return { state: state ?? "away", status: answer.status };
  const found = { state, ...said };
  await keep({ ...row, told: found });
  return found;
}

// All that waits of this unit. What is refused stays, and does not hold up the rest.
export const flush = (unit) =>
  navigator.locks.request("outbox", async () => {
    const shut = new Set();
    const done = { stored: 0, moved: 0, away: false };
    for (const row of await store.unsent()) {
      if (row.unit !== unit || row.state !== "waiting" || shut.has(row.session)) continue;
      try {
        if (!opened.has(row.session) && !(await prepare(row.session, unit))) {
          shut.add(row.session);
          continue;
        }
        const { state, moved } = await send(await read(row));
        if (state === "stored") done.stored += 1;
        if (moved) done.moved += 1;
        if (state === "closed") shut.add(row.session);
        if (state === "away") return { ...done, away: true };
      } catch {
        return { ...done, away: true };
      }
    }
    return done;
  });

export async function reachable() {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(4000) })).ok;
  } catch {
    return false;
  }
}
