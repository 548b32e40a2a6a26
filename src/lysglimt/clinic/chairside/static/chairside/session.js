// The session's page: what is saved is on the tablet first, and taken away when the server has it.
import * as clock from "./off-line-clock.js";
import { dueNow, el, show } from "./off-line-list.js";
import * as outbox from "./off-line-outbox.js";
import { checked } from "./off-line-row.js";
import * as store from "./off-line-store.js";
import { count, sendAll, tidy } from "./unsent.js";

const here = document.getElementById("off-line");
const { session, page } = here.dataset;
const unit = here.dataset.unit;
const words = JSON.parse(document.getElementById("words").textContent);
const told = document.getElementById("off-line-told");
const panel = document.getElementById("off-line-asked");
const said = JSON.parse(document.getElementById("taken-along").textContent);
let plan = null;
let rows = [];
let away = false;

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
}

function lost() {
  away = true;
  document.getElementById("unsent-away").hidden = false;
}

async function refresh() {
  const mine = (await count()).filter((row) => row.session === session);
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

const acts = {
  correct(row) {
    fill(document.getElementById("vitals-form"), row);
  },
  async confirm(row, confirm) {
    const fields = [...row.fields.filter(([name]) => name !== "confirmed"), ["confirmed", confirm]];
    await after(await outbox.send(await outbox.keep({ ...row, fields, told: undefined })));
  },
  async strike(row, reason) {
    await after(await outbox.send(row, { do: "strike", reason }));
  },
  async amend(row, reason) {
    await after(await outbox.send(row, { do: "amend", reason }));
  },
};

async function after({ state }) {
  if (state === "stored") return location.assign(page);
  if (state === "away") lost();
  if (state === "closed") tell(words.closed, "late");
  return refresh();
}

function fill(form, row) {
  clear(form);
  form.dataset.times = JSON.stringify(row.times);
  for (const [name, value] of row.fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["checkbox", "radio"].includes(field.type)) field.checked ||= field.value === value;
      else field.value = value;
    }
  }
  form.querySelector("details")?.setAttribute("open", "");
  form.querySelector("[name=systolic]").focus();
}

function clear(form) {
  delete form.dataset.times;
  for (const field of form.elements) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.type === "radio") field.checked = field.value === "0";
    else if (["text", "time", "textarea"].includes(field.type)) field.value = "";
  }
  form.elements.entry.value = clock.newEntry();
}

// As the browser itself would send it.
function native(form, by) {
  if (by?.name) form.append(el("input", { type: "hidden", name: by.name, value: by.value }));
  if (by?.hasAttribute("formaction")) form.action = by.formAction;
  form.submit();
}

function kindOf(form, by) {
  const action = (by?.getAttribute("formaction") ?? form.getAttribute("action") ?? "").split("/");
  if (by?.name === "call_a_doctor") return null;
  return { vitals: "vitals", event: "event", pump: "pump" }[action.at(-2)] ?? null;
}

function typedIn(form, by) {
  const fields = [...new FormData(form, by)].filter(([name]) => name !== "csrfmiddlewaretoken");
  if (by?.name !== "intent_said") return fields;
  const time = fields.filter(([name]) => ["ago", "clock"].includes(name));
  return [...time, ["kind", "new_intent"], ["entry", by.value]];
}

async function saved(form, by, what) {
  let fields = typedIn(form, by);
  const urgent = by?.name === "signs" || by?.name === "intent_said";
  const times = form.dataset.times ? JSON.parse(form.dataset.times) : clock.times();
  if (away && what === "vitals" && !urgent) fields = await checked(plan, fields, words, panel, form);
  if (!fields) return;
  const entry = fields.find(([name]) => name === "entry")[1];
  form.inert = true;
  try {
    const row = await kept({ session, unit, what, fields, entry, times });
    if (!row) return away ? tell(words.not_kept, "late") : native(form, by);
    await count();
    if (urgent) return await tapped(form, by);
    tell(words.saving, "info");
    const answer = await outbox.send(row);
    tell("");
    if (answer.state === "stored") return location.assign(page);
    if (answer.state === "refused") return native(form, by);
    if (answer.status === 0) return location.assign(page); // signed out: sent after signing in
    keptHere(form, answer);
  } finally {
    form.inert = false;
  }
  await refresh();
}

// Null where this tablet's disk takes nothing.
async function kept(said) {
  try {
    return await outbox.keep(said);
  } catch {
    return null;
  }
}

// A danger sign calls a doctor on line; without the network nobody is called, and the page says so.
async function tapped(form, by) {
  if (await outbox.reachable()) return native(form, by);
  lost();
  if (by.name === "signs") clear(form);
  else by.value = clock.newEntry();
  tell(words.nobody_called, "late");
  return refresh();
}

function keptHere(form, { state, status }) {
  if (state === "away") lost();
  clear(form);
  const here = status ? words.cannot : words.kept; // it answers, and cannot store: a full disk
  tell({ closed: words.closed, other: words.other }[state] ?? here);
}

addEventListener("submit", (event) => {
  const form = event.target;
  const by = event.submitter;
  const what = kindOf(form, by);
  if (!what || event.defaultPrevented || form.inert) return;
  if (what === "pump") {
    if (!away) return;
    event.preventDefault();
    tell(words.no_pump, "late");
    return;
  }
  if (!plan) return; // not ready yet: as any form
  event.preventDefault();
  saved(form, by, what);
});

addEventListener("offline", lost);
setInterval(async () => {
  if (!away) return;
  if (!(await outbox.reachable())) return tellDue();
  away = false;
  document.getElementById("unsent-away").hidden = true;
  const done = await sendAll();
  if (done.away) return lost();
  await refresh();
  // Anew from the server, unless somebody is typing.
  if (nothingTyped()) location.assign(page);
  else tell(words.back, "info");
}, 5000);

function nothingTyped() {
  const fields = document.querySelectorAll("#vitals-form input:not([type=hidden])");
  const text = [...fields].some((field) => !["radio", "checkbox"].includes(field.type) && field.value);
  return !text && ![...fields].some((field) => field.type === "checkbox" && field.checked);
}

try {
  await ready;
  if (clock.wrong()) document.getElementById("off-line-clock").hidden = false;
  const waiting = (await store.unsent()).some((row) => row.unit === unit && row.state === "waiting");
  const done = await sendAll();
  if (waiting && done.stored && !done.away && nothingTyped()) location.assign(page);
  await refresh();
  await tidy(clock.now());
} catch {
  lost();
}
