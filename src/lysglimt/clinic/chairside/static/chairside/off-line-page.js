// The chart page of the shell: without the network, for whoever has the code on the patient's wrist.
import * as clock from "./off-line-clock.js";
import * as correct from "./off-line-correct.js";
import * as draft from "./off-line-draft.js";
import { drawPlan, drawRow, whom } from "./off-line-drawn.js";
import { dueNow } from "./off-line-due.js";
import { el, show } from "./off-line-list.js";
import * as outbox from "./off-line-outbox.js";
import { checked, say } from "./off-line-row.js";
import * as seals from "./off-line-seal.js";
import * as store from "./off-line-store.js";

const $ = (id) => document.getElementById(id);
const words = JSON.parse($("words").textContent);
const row = $("vitals-form");
const events = $("event-form");
const LOCK = 120000;
let plan = null;
let drawn = "";
let rows = [];

// The session of the page that was left is tried first.
async function unlock(code) {
  const here = location.hash.slice(1) || location.pathname.split("/")[2];
  const known = (await store.plans()).sort((one) => (one.session === here ? -1 : 1));
  for (const one of known) {
    try {
      const key = await seals.unwrap(one.code, code);
      if (!key) continue;
      const found = await seals.open(key, one.session, one.plan);
      clock.remembered(one);
      outbox.useKey(one.session, key);
      return found;
    } catch {
      // sealed by a key that is no more
    }
  }
  return null;
}

let asked = null;
let wristband = "";
const named = (one) => [one.day.split("-").reverse().join("."), one.chair].filter(Boolean).join(" · ");

$("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = $("code").value;
  $("code-form").inert = true;
  try {
    asked = await unlock(code);
  } finally {
    $("code-form").inert = false;
  }
  $("code-told").textContent = asked ? "" : words.no_such_code;
  $("code").value = "";
  if (!asked) return $("code").focus();
  $("confirm").hidden = false;
  wristband = seals.plain(code).replace(/^(.{4})/, "$1-");
  $("confirm-told").textContent = say(words.is_it, { code: wristband, session: named(asked) });
  $("confirm-yes").focus();
});

$("confirm-yes").addEventListener("click", async () => {
  // Another patient's chart begins empty.
  if (drawn && drawn !== asked.session) return location.reload();
  plan = asked;
  shut(false);
  $("identity").textContent = `${wristband} · ${named(plan)}`;
  if (!drawn) drawRow(plan, words, tap);
  drawn = plan.session;
  drawPlan(plan, words);
  await putBack();
  correct.tell(words);
  await refresh();
  $("vitals_systolic").focus();
  stay();
});

$("confirm-no").addEventListener("click", () => location.reload());

const shut = (away) => {
  $("door").hidden = !away;
  for (const id of ["chart", "banner"]) $(id).hidden = away;
};

async function sealed({ session, unit }) {
  const parts = draft.typed();
  if (parts) await outbox.keepDraft(session, unit, [...parts, ...elsewhere]);
}

// What is half typed goes along to the page of the session.
$("back-link").addEventListener("click", async (event) => {
  if (!plan) return;
  event.preventDefault();
  await sealed(plan).catch(() => {});
  location.assign(event.target.href);
});

// What is half typed waits behind the code; a disk that is full keeps it nowhere but here.
async function lock() {
  const left = plan;
  shut(true);
  plan = null;
  $("confirm").hidden = true;
  try {
    await sealed(left);
    location.reload();
  } catch {
    $("code").focus();
  }
}

let elsewhere = []; // half typed in forms that are not here
async function putBack() {
  const parts = await outbox.draft(plan.session);
  if (!parts) return;
  const { left, done } = draft.putBack(parts);
  elsewhere = left;
  if (left.length) await outbox.keepDraft(plan.session, plan.unit, left);
  else await outbox.dropDraft(plan.session);
  tell([done.length ? words.draft_back : "", left.length ? words.draft_left : ""].join(" ").trim());
}

// Nobody at the tablet: the code is asked for again.
let idle = 0;
function stay() {
  clearTimeout(idle);
  idle = setTimeout(lock, LOCK);
}
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, () => plan && stay(), { passive: true, capture: true });
}

// One tap; where it is a danger sign the page says that nobody is called by it.
function tap(name, said, what) {
  const urgent = "signs" in said || said.kind === "new_intent";
  const button = el("button", { type: "button", class: "ds-button", "data-variant": "secondary" }, name);
  if (urgent) button.classList.add("button--danger-sign");
  button.addEventListener("click", () => {
    if (!urgent) return happened(Object.entries(said));
    const fields = [["entry", clock.newEntry()], ["ago", "0"], ...Object.entries(said)];
    return keep(what, fields, {}, `${words.nobody_called} ${whom(plan)}`.trim());
  });
  return button;
}

async function keep(what, fields, more = {}, line = words.kept) {
  const entry = fields.find(([name]) => name === "entry")[1];
  try {
    await outbox.keep({ session: plan.session, unit: plan.unit, what, fields, entry, ...more });
    tell(line);
  } catch {
    tell(words.not_kept);
    return false;
  }
  await refresh();
  return true;
}

function tell(line) {
  $("told").textContent = line;
  $("told").hidden = !line;
}

row.addEventListener("submit", async (event) => {
  event.preventDefault();
  const one = correct.inHand();
  const typed = [["entry", one?.entry ?? clock.newEntry()], ...new FormData(row)];
  const fields = await checked(plan, typed, words, $("asked"), row);
  const more = one ? { times: one.times, before: one.before } : {};
  if (!fields || !(await keep("vitals", fields, more))) return;
  correct.end(words);
  $("vitals_systolic").focus();
});

// Of the time that is typed above the tiles.
async function happened(said) {
  const time = [...new FormData(events)].filter(([name]) => ["ago", "clock"].includes(name));
  if (await keep("event", [["entry", clock.newEntry()], ...time, ...said])) draft.clear(events);
}

events.addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = event.submitter.value;
  const said = new FormData(events);
  const needs = { drug_given: ["amount", words.drug_needs], other: ["comment", words.other_needs] };
  const [name, line] = needs[kind];
  if (!said.get(name).trim()) return tell(line);
  return happened([["kind", kind], ["amount", said.get("amount")], ["comment", said.get("comment")]]);
});

$("check-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const comment = $("check").value.trim();
  if (!comment) return tell(words.check_needs);
  const said = { kind: "check_pending", comment };
  const fields = [["entry", clock.newEntry()], ["ago", "0"], ...Object.entries(said)];
  if (await keep("event", fields)) $("check").value = "";
});

const again = (one) => ({ ...one, told: undefined, typist: undefined });
const acts = {
  correct: (one) => correct.begin(one, words),
  async change(one, fields) {
    await outbox.keep({ ...again(one), fields, before: [...(one.before ?? []), one.fields] });
    await refresh();
  },
  async remove(one, strike) {
    await outbox.keep({ ...again(one), strike }, one.version);
    await refresh();
  },
};

async function refresh() {
  const mine = (await store.unsent()).filter((one) => one.session === plan.session);
  rows = await Promise.all(mine.map(outbox.read));
  $("may-go").hidden = !rows.length || (await store.lasting());
  show($("off-line-list"), rows.toReversed(), plan, words, acts);
  tick();
}

// The next observation, and the two clocks.
function tick() {
  const due = dueNow(plan, rows, words);
  $("due").textContent = due.line;
  $("due-card").className = `card ${due.kind}`;
  $("clocks").textContent = say(words.clocks, { server: clock.clock(clock.now()), tablet: clock.clock(Date.now()) });
  $("clock-moved").hidden = !clock.wrong();
}

setInterval(() => plan && tick(), 10000);
setInterval(async () => {
  const there = await outbox.reachable();
  $("back").hidden = !there;
  $("away").hidden = there;
  if (plan) $("back-link").href = `/sessions/${plan.session}/`;
}, 5000);

correct.listen(words);
$("was-locked").hidden = !location.hash;
$("unsure").hidden = !location.search.includes("unsure");
const kept = await store.plans();
$("nothing").hidden = kept.length > 0;
$("code-form").hidden = !kept.length;
