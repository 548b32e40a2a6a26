// Sends what was typed without the network: in its order, once, and only for the unit it is of.
import * as clock from "./off-line-clock.js";
import * as seals from "./off-line-seal.js";
import * as store from "./off-line-store.js";

const PATIENCE = 10000;
const GONE = new Set([0, 502, 503, 504]); // signed out, or nobody there who could store it
const opened = new Map(); // session: key, as long as this page is open
let here = ""; // the staff key of whoever is signed in; empty where nobody is

export const signedIn = (typist) => (here = typist);
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
  if (answer.status > 501) throw new Error("away");
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
  const known = await seals.print(raw);
  // A key that was changed on the server is wrapped anew; what the old one sealed stays shut.
  const same = before && (before.known ?? known) === known;
  const code = same ? before.code : await seals.wrap(raw, wristband);
  const sealed = await seals.seal(opened.get(session), session, plan);
  await store.keepPlan({ session, unit, code, known, plan: sealed, offset, fetched: plan.server_at });
}

export const useKey = (session, key) => opened.set(session, key);

// On the disk of the tablet when this is done; the same id once more takes its place. Null where
// it was to take the place of the version `since`, and that is there no more.
export async function keep(said, since) {
  const { session, unit, entry, what, fields, told, before, strike } = said;
  const { times = clock.times(), typist = here } = said;
  const version = crypto.randomUUID();
  const inside = { what, fields, times, told, typist, before, strike };
  const sealed = await seals.seal(opened.get(session), `${session} ${entry}`, inside);
  const state = told?.state ?? "waiting";
  const there = await store.keep({ entry, session, unit, version, state, ...sealed }, since);
  return there ? { entry, session, unit, version, ...inside } : null;
}

// What stands half typed when a page is left: one a session, sent by nobody.
export const keepDraft = (session, unit, parts) =>
  keep({ session, unit, entry: `draft ${session}`, fields: [], told: { state: "draft", parts } });

export async function draft(session) {
  const row = await store.one(`draft ${session}`);
  return row ? ((await read(row)).told?.parts ?? null) : null;
}

export const dropDraft = (session) => store.drop(`draft ${session}`);

// `shut`: no key of now opens it.
export async function read(row) {
  const key = opened.get(row.session);
  if (!key) return row;
  try {
    return { ...row, ...(await seals.open(key, `${row.session} ${row.entry}`, row)) };
  } catch {
    return { ...row, shut: true, what: "vitals", fields: [], times: clock.times() };
  }
}

// stored, refused, other (something else stands under its id), away (nobody knows), closed, cannot
// (the server answers, and does not store it), changed (another version is kept meanwhile).
async function send(row, more) {
  if (!(await store.leaving(row))) return { state: "changed" };
  const { what, fields, times, typist = "" } = row;
  const body = new URLSearchParams(fields);
  const deed = row.strike ? { do: "strike", reason: row.strike } : more;
  const beside = { what, ...times, ...deed, typist, entry: row.entry, sent_at: Date.now() };
  for (const [name, said] of Object.entries(beside)) body.set(name, said);
  for (const name of ["typed_at", "reckoned_at", "fetched_at"]) {
    body.set(name, Math.round(body.get(name)));
  }
  try {
    const answer = await fetch(`/sessions/${row.session}/outbox/`, {
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

async function told(row, { status }, said) {
  if (status === 200 && said.stored) {
    await store.drop(row.entry, row.version);
    return { state: "stored", moved: said.moved };
  }
  const state = { 409: "other", 422: "refused", 403: "closed", 404: "closed" }[status];
  if (!state) return { state: GONE.has(status) ? "away" : "cannot", status };
  if (state === "closed" || row.shut) return { state, status };
  // Refused as it is written: thrown away it is no more.
  const found = { state, ...said };
  const there = await keep({ ...row, strike: undefined, told: found }, row.version);
  return there ? found : { state: "changed" };
}

const inTurn = (work) => navigator.locks.request("outbox", work);

// What somebody decides of one row.
export const decide = (row, more) => inTurn(() => send(row, more));

async function one(row) {
  try {
    if (!opened.has(row.session) && !(await prepare(row.session, row.unit))) return { state: "closed" };
  } catch {
    return { state: "away" };
  }
  const said = await read(row);
  return said.shut ? { state: "shut" } : send(said, {});
}

// All that waits of this unit. What is refused or cannot be opened stays, and holds up no other.
export const flush = (unit) =>
  inTurn(async () => {
    const shut = new Set();
    const done = { stored: 0, moved: 0, away: false, answers: new Map() };
    for (const row of await store.unsent()) {
      if (row.unit !== unit || row.state !== "waiting" || shut.has(row.session)) continue;
      const answer = await one(row);
      done.answers.set(row.entry, answer);
      if (answer.state === "stored") done.stored += 1;
      if (answer.moved) done.moved += 1;
      if (answer.state === "closed") shut.add(row.session);
      if (answer.state === "away") return { ...done, away: true, status: answer.status };
    }
    return done;
  });

export async function reachable(patience = 4000) {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(patience) })).ok;
  } catch {
    return false;
  }
}
