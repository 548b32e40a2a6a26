// The chart page of the shell: without the network, for whoever has the code on the patient's wrist.
import * as clock from "./off-line-clock.js";
import { dueNow, el, show } from "./off-line-list.js";
import * as outbox from "./off-line-outbox.js";
import { checked, say } from "./off-line-row.js";
import * as seals from "./off-line-seal.js";
import * as store from "./off-line-store.js";

const $ = (id) => document.getElementById(id);
const words = JSON.parse($("words").textContent);
const row = $("vitals-form");
const LOCK = 120000;
let plan = null;
let rows = [];

async function unlock(code) {
  const here = location.pathname.split("/")[2];
  const known = (await store.plans()).sort((one) => (one.session === here ? -1 : 1));
  for (const one of known) {
    const key = await seals.unwrap(one.code, code);
    if (!key) continue;
    clock.remembered(one);
    outbox.useKey(one.session, key);
    return seals.open(key, one.session, one.plan);
  }
  return null;
}

let wristband = "";
const named = () => [plan.day.split("-").reverse().join("."), plan.chair].filter(Boolean).join(" · ");

$("code-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const code = $("code").value;
  $("code-form").inert = true;
  plan = await unlock(code);
  $("code-form").inert = false;
  $("code-told").textContent = plan ? "" : words.no_such_code;
  $("code").value = "";
  if (!plan) return $("code").focus();
  $("confirm").hidden = false;
  wristband = seals.plain(code).replace(/^(.{4})/, "$1-");
  $("confirm-told").textContent = say(words.is_it, { code: wristband, session: named() });
  $("confirm-yes").focus();
});

$("confirm-yes").addEventListener("click", async () => {
  $("door").hidden = true;
  $("chart").hidden = false;
  $("identity").textContent = `${wristband} · ${named()}`;
  $("banner").hidden = false;
  drawRow();
  await refresh();
  $("vitals_systolic").focus();
  stay();
});

$("confirm-no").addEventListener("click", () => location.reload());

// Nobody at the tablet: the code is asked for again.
let idle = 0;
function stay() {
  clearTimeout(idle);
  idle = setTimeout(() => location.reload(), LOCK);
}
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, () => plan && stay(), { passive: true, capture: true });
}

function drawRow() {
  $("columns").replaceChildren(
    ...plan.columns.map((column) => {
      const id = `vitals_${column.name}`;
      const input = el("input", { id, name: column.name, type: "text", class: "ds-input" });
      input.inputMode = "numeric";
      input.autocomplete = "off";
      const ranges = column.bands.map(({ light, words: past }) => `${words[light]} ${past}`);
      const range = el("span", { class: "source", id: `${id}_range` }, ranges.join("; "));
      input.setAttribute("aria-describedby", range.id);
      const label = el("label", { for: id }, column.label);
      return el("div", { class: "vitals-row__field" }, label, input, range);
    }),
  );
  $("signs").replaceChildren(
    ...plan.signs.map(({ id, name }) => {
      const box = el("input", { type: "checkbox", name: "signs", value: id });
      return el("label", { class: "timed__choice" }, box, name);
    }),
  );
  const tile = ([kind, name]) => tap(name, { kind }, "event");
  $("tiles").replaceChildren(...plan.tiles.map(tile));
  const danger = plan.signs.filter((one) => one.one_tap);
  $("danger-tiles").replaceChildren(
    ...danger.map(({ id, name }) => tap(name, { signs: id }, "vitals")),
    tap(words.new_intent, { kind: "new_intent" }, "event"),
  );
  $("facts").textContent = plan.figures.map((pair) => pair.join(": ")).join(" · ");
  drawStored();
}

function drawStored() {
  const cells = (one) => one.cells.map(([value]) => el("td", { class: "number" }, value));
  $("stored").replaceChildren(
    ...plan.stored.sets.map((one) => el("tr", {}, el("th", { scope: "row" }, one.at), ...cells(one))),
  );
  $("happened").replaceChildren(
    ...plan.stored.happened.map(([at, what]) => el("li", {}, el("strong", {}, at), ` ${what}`)),
  );
  $("fetched").textContent = say(words.fetched, { at: clock.clock(plan.server_at) });
}

// One tap; where it is a danger sign the page says that nobody is called by it.
function tap(name, said, what) {
  const urgent = "signs" in said || said.kind === "new_intent";
  const button = el("button", { type: "button", class: "ds-button", "data-variant": "secondary" }, name);
  if (urgent) button.classList.add("button--danger-sign");
  button.addEventListener("click", async () => {
    const fields = [["entry", clock.newEntry()], ["ago", "0"], ...Object.entries(said)];
    await keep(what, fields, clock.times(), urgent ? words.nobody_called : words.kept);
  });
  return button;
}

async function keep(what, fields, times, line) {
  const entry = fields.find(([name]) => name === "entry")[1];
  try {
    await outbox.keep({ session: plan.session, unit: plan.unit, what, fields, entry, times });
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
  const typed = [["entry", row.dataset.entry ?? clock.newEntry()], ...new FormData(row)];
  const times = row.dataset.times ? JSON.parse(row.dataset.times) : clock.times();
  const fields = await checked(plan, typed, words, $("asked"), row);
  if (!fields || !(await keep("vitals", fields, times, words.kept))) return;
  clear();
  $("vitals_systolic").focus();
});

$("check-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const comment = $("check").value.trim();
  if (!comment) return tell(words.check_needs);
  const said = { kind: "check_pending", comment };
  const fields = [["entry", clock.newEntry()], ["ago", "0"], ...Object.entries(said)];
  if (await keep("event", fields, clock.times(), words.kept)) $("check").value = "";
});

function clear() {
  row.reset();
  delete row.dataset.entry;
  delete row.dataset.times;
}

const acts = {
  correct(one) {
    clear();
    row.dataset.entry = one.entry;
    row.dataset.times = JSON.stringify(one.times);
    for (const [name, value] of one.fields) {
      for (const field of row.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (["checkbox", "radio"].includes(field.type)) field.checked ||= field.value === value;
        else field.value = value;
      }
    }
    $("vitals_systolic").focus();
  },
};

async function refresh() {
  const mine = (await store.unsent()).filter((one) => one.session === plan.session);
  rows = await Promise.all(mine.map(outbox.read));
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

$("unsure").hidden = !location.search.includes("unsure");
const kept = await store.plans();
$("nothing").hidden = kept.length > 0;
$("code-form").hidden = !kept.length;
