// The empty chart of the shell filled from the plan: the row, the tiles, and what was known then.
import * as clock from "./off-line-clock.js";
import { el, marked } from "./off-line-list.js";
import { say } from "./off-line-row.js";

const $ = (id) => document.getElementById(id);
const time = (iso) => clock.clock(new Date(iso));

// Whom to telephone, as far as the plan knows it.
export const whom = (plan) => [plan?.doctor?.name, plan?.doctor?.telephone].filter(Boolean).join(", ");

export function drawRow(plan, words, tap) {
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
  $("tiles").replaceChildren(...plan.tiles.map(([kind, name]) => tap(name, { kind }, "event")));
  const danger = plan.signs.filter((one) => one.one_tap);
  $("danger-tiles").replaceChildren(
    ...danger.map(({ id, name }) => tap(name, { signs: id }, "vitals")),
    tap(words.new_intent, { kind: "new_intent" }, "event"),
  );
}

export function drawPlan(plan, words) {
  $("facts").textContent = plan.figures.map((pair) => pair.join(": ")).join(" · ");
  const nasal = plan.route === "intranasal";
  $("no-pump").hidden = nasal;
  $("no-device").hidden = !nasal;
  drawDevices(plan.devices, words);
  drawDanger(plan, words);
  $("stored").replaceChildren(...plan.stored.sets.map((one) => line(plan, one, words)));
  $("happened").replaceChildren(
    ...plan.stored.happened.map(([at, what]) => el("li", {}, el("strong", {}, at), ` ${what}`)),
  );
  $("fetched").textContent = say(words.fetched, { at: clock.clock(plan.server_at) });
}

function drawDevices(devices, words) {
  $("devices").hidden = !devices;
  if (!devices) return;
  const given = devices.given.map(({ number, at }) => say(words.device_given, { n: number, at: time(at) }));
  const following = devices.next_from ? say(words.device_next, { at: time(devices.next_from) }) : null;
  const of = say(words.devices_given, { n: devices.given.length, of: devices.ordered ?? "?" });
  $("devices").replaceChildren(
    ...[of, ...given, following].filter(Boolean).map((told) => el("li", {}, told)),
  );
}

// Signs that stand, whether a doctor is asked for, and whom to telephone.
function drawDanger(plan, words) {
  const told = (plan.standing ?? []).map(({ name, at }) =>
    el("li", { class: "past-limit" }, say(words.stands_since, { sign: name, at: time(at) })),
  );
  if (plan.called) told.push(el("li", {}, say(words.called_at, { at: time(plan.called) })));
  if (whom(plan)) told.push(el("li", {}, el("strong", {}, say(words.telephone, { whom: whom(plan) }))));
  $("danger-known").hidden = !told.length;
  $("danger-known").replaceChildren(...told);
}

// A set as it was stored; a danger sign that was tapped is told by its name.
function line(plan, one, words) {
  const light = (shade) => ({ red: "past-limit", amber: "near-limit" })[shade] ?? "";
  const cells = one.cells.map(([typed, lit]) => el("td", { class: `number ${light(lit)}` }, typed));
  const seen = (one.signs ?? []).map(({ id, name }) => {
    const lit = plan.signs.find((sign) => sign.id === id)?.light;
    return el("p", { class: "off-line__seen" }, marked({ label: name, typed: "", light: lit, end: "" }, words));
  });
  const mark = one.light && words[one.light] ? el("span", { class: "mark" }, words[one.light]) : "";
  const at = el("th", { scope: "row" }, one.at, " ", mark);
  if (one.kind === "danger") {
    return el("tr", {}, at, el("td", { colspan: cells.length + 1 }, ...seen));
  }
  return el("tr", {}, at, ...cells, el("td", {}, ...seen));
}
