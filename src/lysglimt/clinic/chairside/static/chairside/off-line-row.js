// Holds what is typed against the ranges that the server has reckoned. It decides nothing.
export const say = (words, facts) =>
  Object.entries(facts).reduce((said, [name, fact]) => said.replace(`{${name}}`, fact), words);

// "120/80" in the first field is both pressures.
export function parted(fields) {
  const value = (name) => fields.find(([field]) => field === name)?.[1] ?? "";
  const [systolic, diastolic] = value("systolic").split("/");
  if (diastolic === undefined || value("diastolic")) return fields;
  const said = { systolic: systolic.trim(), diastolic: diastolic.trim() };
  return fields.map(([name, typed]) => [name, said[name] ?? typed]);
}

function read(plan, fields) {
  const typed = new Map(parted(fields));
  return plan.columns
    .filter((column) => (typed.get(column.name) ?? "").trim() !== "")
    .map((column) => ({ column, typed: typed.get(column.name).trim(), ticked: typed }))
    .map((one) => ({ ...one, value: /^\d+$/.test(one.typed) ? Number(one.typed) : NaN }));
}

export function band(column, value, ticked = new Map()) {
  const past = ({ above, below, only }) =>
    (!only || ticked.has(only)) &&
    ((above !== null && value >= above) || (below !== null && value <= below));
  return column.bands.find(past) ?? null;
}

// Every reading with its light and why.
export const lights = (plan, fields) =>
  read(plan, fields).map(({ column, typed, value, ticked }) => {
    const found = band(column, value, ticked);
    return { name: column.name, label: column.label, typed, light: found?.light, why: found?.words };
  });

// What cannot be: the entry stops here, as it does on line.
export function impossible(plan, fields, words) {
  const rows = read(plan, fields);
  const found = rows
    .filter(({ column, value }) => !(value >= column.lowest && value <= column.highest))
    .map(({ column, typed }) => say(words.outside, { ...column, typed }));
  const [high, low] = ["systolic", "diastolic"].map(
    (name) => rows.find(({ column }) => column.name === name)?.value,
  );
  if (low >= high) found.push(words.swapped);
  const told = fields.some(([name, value]) => ["signs", "signs_over", "not_measured"].includes(name) && value);
  if (!rows.length && !told) found.push(words.empty);
  return found;
}

// What can be and seldom is: asked once; `confirm` is what the server expects of the tick.
export function questions(plan, fields) {
  const rows = read(plan, fields);
  const odd = plan.order
    .map((name) => rows.find(({ column }) => column.name === name))
    .filter((one) => one && (one.value < one.column.ask_below || one.value > one.column.ask_above));
  const confirm = odd.map(({ column, value }) => `${column.name}=${value}`).join(";");
  return { confirm, asked: odd.map(({ column, typed }) => `${column.label}: ${typed}`) };
}

// The planned time after the one that the last observation was nearest to; sooner while amber.
export function nextDue(plan, last, outside) {
  if (!plan.planned.length) return null;
  if (last === null) return plan.planned[0];
  const away = plan.planned.map(({ at }) => Math.abs(at - last));
  const nearest = away.indexOf(Math.min(...away));
  const following = plan.planned[Math.min(nearest + 1, plan.planned.length - 1)];
  const sooner = last + following.tight;
  if (!outside || sooner >= following.at) return following;
  return { ...following, at: sooner, late: sooner + (following.late - following.at) };
}

// A panel that stops, or asks once; resolves with the fields to keep, or null.
export function checked(plan, fields, words, panel, form) {
  const stops = impossible(plan, fields, words);
  const { confirm, asked } = questions(plan, fields);
  const known = fields.some(([name, value]) => name === "confirmed" && value === confirm);
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
