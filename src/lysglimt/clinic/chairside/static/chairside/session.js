// The session's page: what is saved is on the tablet first, and taken away when the server has it.
import * as clock from "./off-line-clock.js";
import * as correct from "./off-line-correct.js";
import * as draft from "./off-line-draft.js";
import { dueNow } from "./off-line-due.js";
import { el, show } from "./off-line-list.js";
import * as outbox from "./off-line-outbox.js";
import { checked } from "./off-line-row.js";
import * as store from "./off-line-store.js";
import { count, sendAll, tidy } from "./unsent.js";

const here = document.getElementById("off-line");
const { session, page, shell, typist } = here.dataset;
const unit = here.dataset.unit;
const words = JSON.parse(document.getElementById("words").textContent);
const told = document.getElementById("off-line-told");
const panel = document.getElementById("off-line-asked");
const row = document.getElementById("vitals-form");
const said = JSON.parse(document.getElementById("taken-along").textContent);
const LONG = 60000;
let plan = null;
let rows = [];
let away = false;

outbox.signedIn(typist);
const ready = outbox.adopt(said, unit).then((found) => {
  plan = found.plan;
  // Now the page can be opened again without the network.
  found.kept.then(() => (here.dataset.state = "kept"), () => {});
});
ready.catch(() => {});

function tell(line, kind = "due") {
  told.hidden = !line;
  told.className = `notice notice--${kind}`;
  told.textContent = line;
  if (kind === "late") told.scrollIntoView({ block: "nearest" });
}

function lost() {
  away = true;
  document.getElementById("unsent-away").hidden = false;
}

async function refresh() {
  const mine = (await count()).filter((one) => one.session === session);
  rows = await Promise.all(mine.map(outbox.read));
  if (!plan) return;
  show(document.getElementById("off-line-list"), rows, plan, words, acts);
  tellDue();
}

// The page is as old as the network's absence: the next observation is not.
function tellDue() {
  const due = document.querySelector(".due__headline");
  if (!away || !due || !plan) return;
  const { line, kind } = dueNow(plan, rows, words);
  due.textContent = line;
  due.nextElementSibling?.remove();
  due.closest(".card").className = `card ${kind}`;
}

const again = (one) => ({ ...one, told: undefined, typist: undefined });
const acts = {
  correct: (one) => correct.begin(one, words),
  async change(one, fields) {
    await outbox.keep({ ...again(one), fields, before: [...(one.before ?? []), one.fields] });
    await after(await sent(one.entry));
  },
  async remove(one, strike) {
    await outbox.keep({ ...again(one), strike }, one.version);
    await refresh();
  },
  async confirm(one, confirm) {
    const fields = [...one.fields.filter(([name]) => name !== "confirmed"), ["confirmed", confirm]];
    await outbox.keep({ ...one, fields, told: undefined });
    await after(await sent(one.entry));
  },
  strike: async (one, reason) => after(await outbox.decide(one, { do: "strike", reason })),
  async amend(one, reason) {
    const revision = one.told.revision ?? ""; // of what was shown beside it
    await after(await outbox.decide(one, { do: "amend", reason, revision }));
  },
};

async function after({ state, status }) {
  if (state === "stored") return anew();
  if (state === "away" && !status) lost();
  if (state === "closed") tell(words.closed, "late");
  return refresh();
}

// What is half typed beside it comes along.
async function anew() {
  const parts = draft.typed();
  if (parts) await outbox.keepDraft(session, unit, parts).catch(() => {});
  location.assign(page);
}

// With all that was typed before it, each in its turn.
async function sent(entry) {
  const done = await sendAll();
  return done.answers.get(entry) ?? { state: done.away ? "away" : "closed", status: done.status };
}

// As the browser itself would send it.
function native(form, by) {
  if (by?.name) form.append(el("input", { type: "hidden", name: by.name, value: by.value }));
  if (by?.hasAttribute("formaction")) form.action = by.formAction;
  form.submit();
}

function kindOf(form, by) {
  const action = (by?.getAttribute("formaction") ?? form.getAttribute("action") ?? "").split("/");
  return by?.name === "call_a_doctor" ? "call" : action.at(-2);
}

function typedIn(form, by) {
  const fields = [...new FormData(form, by)].filter(([name]) => name !== "csrfmiddlewaretoken");
  if (by?.name !== "intent_said") return fields;
  const time = fields.filter(([name]) => ["ago", "day", "clock"].includes(name));
  return [...time, ["kind", "new_intent"], ["entry", by.value]];
}

async function saved(form, by, what) {
  let fields = typedIn(form, by);
  const urgent = by?.name === "signs" || by?.name === "intent_said";
  const one = form === row && by?.name !== "intent_said" ? correct.inHand() : null;
  const { times = clock.times(), before } = one ?? {};
  if (away && what === "vitals" && !urgent) fields = await checked(plan, fields, words, panel, form);
  if (!fields) return;
  const entry = fields.find(([name]) => name === "entry")[1];
  form.inert = true;
  try {
    const kept = await keep({ session, unit, what, fields, entry, times, before });
    if (!kept) return away ? tell(words.not_kept, "late") : native(form, by);
    await count();
    if (urgent) return await tapped(form, by);
    tell(words.saving, "info");
    const answer = away && !(await outbox.reachable()) ? { state: "away" } : await sent(entry);
    tell("");
    if (answer.state === "stored") return location.assign(page);
    // A page of the server's would take it for measured now: what is older is put right here.
    const old = clock.now() - times.reckoned_at > LONG;
    if (answer.state === "refused" && !old) return native(form, by);
    if (answer.status === 0) return location.assign(page); // signed out: sent after signing in
    keptHere(form, answer);
  } finally {
    form.inert = false;
  }
  await refresh();
}

// Null where this tablet's disk takes nothing.
async function keep(one) {
  try {
    return await outbox.keep(one);
  } catch {
    return null;
  }
}

const empty = (form) => (form === row ? correct.end(words) : draft.clear(form));

// A danger sign calls a doctor on line; without the network nobody is called, and the page says so.
async function tapped(form, by) {
  if (await outbox.reachable()) return native(form, by);
  lost();
  if (by.name === "signs") empty(form);
  else by.value = clock.newEntry();
  telephone(words.nobody_called);
  return refresh();
}

function telephone(line) {
  tell([line, plan?.doctor?.name, plan?.doctor?.telephone].filter(Boolean).join(" "), "late");
}

function keptHere(form, { state, status }) {
  if (state === "away" && status !== 503) lost();
  empty(form);
  const line = status ? words.cannot : words.kept; // it answers, and cannot store: a full disk
  tell({ closed: words.closed, other: words.other, refused: words.refused_here }[state] ?? line);
}

// What only the server can do: it is asked first whether it is there, and what is typed stays.
async function passedOn(form, by, what) {
  const parts = form === row ? draft.typed(row) : null;
  form.inert = true;
  try {
    // It goes along and comes back with the page; if neither arrives it waits behind the code.
    if (plan && parts) await outbox.keepDraft(session, unit, parts).catch(() => {});
    if (await outbox.reachable(8000)) return native(form, by);
  } finally {
    form.inert = false;
  }
  lost();
  by?.focus();
  if (what === "call") return telephone(words.nobody_asked);
  return tell({ pump: words.no_pump, devices: words.no_device }[what] ?? words.not_now, "late");
}

addEventListener("submit", (event) => {
  const form = event.target;
  const by = event.submitter;
  if (event.defaultPrevented || form.inert || form.method !== "post" || !form.closest("main")) return;
  const what = kindOf(form, by);
  const ours = what === "vitals" || what === "event";
  if (ours && !plan) return; // not ready yet: as any form
  event.preventDefault();
  if (ours) saved(form, by, what);
  else passedOn(form, by, what);
});

// The screen locks and the server cannot be told: what is typed is sealed, and the code is asked for.
addEventListener("locked-away", ({ detail }) => {
  detail.leave = async () => {
    if (here.dataset.state !== "kept" || !navigator.serviceWorker?.controller) return null;
    const parts = draft.typed();
    if (parts) await outbox.keepDraft(session, unit, parts);
    return `${shell}#${session}`;
  };
});

addEventListener("offline", lost);
let turn = 0;
setInterval(async () => {
  turn += 1;
  // What the server could not store is tried again, less often.
  if (!away && (turn % 6 || !rows.some(({ state }) => state === "waiting"))) return;
  if (!(await outbox.reachable())) return tellDue();
  const was = away;
  away = false;
  document.getElementById("unsent-away").hidden = true;
  const done = await sendAll();
  if (done.away && done.status !== 503) return lost();
  await refresh();
  if (!was && !done.stored) return;
  // Anew from the server, unless somebody is typing, in whichever form.
  if (!draft.typed()) location.assign(page);
  else tell(words.back, "info");
}, 5000);

// What was half typed when the screen locked, and which of the kept rows the server sent back.
async function putBack() {
  const one = rows.find(({ entry, shut }) => entry === row.elements.entry.value && !shut);
  if (one) correct.sentBack(one);
  const parts = await outbox.draft(session);
  if (!parts) return;
  const { left, done } = draft.putBack(parts);
  if (left.length) await outbox.keepDraft(session, unit, left);
  else await outbox.dropDraft(session);
  correct.tell(words);
  if (done.length) tell(words.draft_back, "info");
}

correct.listen(words);
try {
  await ready;
  if (clock.wrong()) document.getElementById("off-line-clock").hidden = false;
  await refresh();
  const waiting = (await store.unsent()).some((one) => one.unit === unit && one.state === "waiting");
  if (!waiting) await putBack();
  const done = await sendAll();
  if (waiting && done.stored && !done.away && !draft.typed()) location.assign(page);
  else if (waiting) await putBack();
  await refresh();
  await tidy(clock.now());
} catch {
  lost();
}
