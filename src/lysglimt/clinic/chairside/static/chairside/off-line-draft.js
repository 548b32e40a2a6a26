// What stands half typed in the forms of a page: taken out to be sealed, and put back.
import * as clock from "./off-line-clock.js";

const STALE = 60000;
const SILENT = new Set(["hidden", "password", "submit", "button", "file", "reset", "fieldset", "output"]);

const fieldsOf = (form) => [...form.elements].filter(({ name, type }) => name && !SILENT.has(type));

// A form that is always empty at first says so; another has what the server put in it.
function isTyped(field) {
  const { form } = field;
  const refused = form.dataset.draft || form.querySelector(".error-summary");
  if (["checkbox", "radio"].includes(field.type)) {
    return form.dataset.draft && field.type === "checkbox"
      ? field.checked
      : field.checked !== field.defaultChecked;
  }
  if (field.options) return [...field.options].some((one) => one.selected && !one.defaultSelected && one.value);
  return field.value !== (refused ? "" : field.defaultValue);
}

// Null of a form in which nothing is typed, and of one that is just being saved.
export function part(form) {
  const fields = fieldsOf(form);
  if (form.inert || !fields.some(isTyped)) return null;
  const said = fields
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .map(({ name, value }) => [name, value]);
  const { correcting, aside, touched } = form.dataset;
  return { fields: said, correcting, aside, at: Number(touched) || clock.now() };
}

const named = () => {
  const count = new Map();
  return [...document.querySelectorAll("main form[action], main form[data-draft]")].map((form) => {
    const name = form.dataset.draft ?? form.getAttribute("action");
    count.set(name, (count.get(name) ?? 0) + 1);
    return [form.dataset.draft ?? `${name} ${count.get(name)}`, form];
  });
};

// Of every form of the page: by its name, what is typed; `along` is just being sent with another.
// Null where nothing is.
export function typed(along = null) {
  const found = named().map(([name, form]) => [name, part(form), form]);
  const parts = found
    .filter(([, one]) => one)
    .map(([name, one, form]) => [name, { ...one, along: form === along }]);
  return parts.length ? parts : null;
}

// Back where it was typed. What no form here is for, or stands in one with something else, is left;
// what went along with another form has come back with its answer, in the server's writing.
export function putBack(parts) {
  const forms = new Map(named());
  const empty = ([name]) => forms.has(name) && !part(forms.get(name));
  const done = parts.filter(empty);
  const left = parts.filter((one) => !empty(one) && !one[1].along);
  for (const [name, one] of done) put(forms.get(name), one);
  return { left, done };
}

export function put(form, { fields, correcting, aside, at }) {
  clear(form);
  if (correcting) form.dataset.correcting = correcting;
  if (aside) form.dataset.aside = aside;
  form.dataset.touched = at;
  const back = correcting ? fields : timed(fields, at);
  for (const field of fieldsOf(form)) {
    const said = back.filter(([name]) => name === field.name).map(([, one]) => one);
    if (["checkbox", "radio"].includes(field.type)) field.checked = said.includes(field.value);
    else if (said.length) field.value = said[0];
  }
  for (const more of form.querySelectorAll("details")) {
    more.open ||= fieldsOf(form).some((field) => more.contains(field) && isTyped(field));
  }
}

// "Now" was then: what was typed a while ago says when.
function timed(fields, at) {
  const ago = fields.find(([name]) => name === "ago");
  const shown = fields.find(([name]) => name === "clock")?.[1];
  if (!ago || shown || clock.now() - at < STALE) return fields;
  const then = clock.clock(at - Number(ago[1]) * 60000);
  const rest = fields.filter(([name]) => !["ago", "clock"].includes(name));
  return [...rest, ["ago", "0"], ["clock", then]];
}

export function clear(form) {
  delete form.dataset.correcting;
  delete form.dataset.aside;
  delete form.dataset.touched;
  for (const field of fieldsOf(form)) {
    if (field.type === "checkbox") field.checked = false;
    else if (field.type === "radio") field.checked = field.value === "0";
    else if (!field.options) field.value = "";
  }
  if (form.elements.entry) form.elements.entry.value = clock.newEntry();
}

addEventListener("input", ({ target }) => {
  if (target.form) target.form.dataset.touched = clock.now();
});
