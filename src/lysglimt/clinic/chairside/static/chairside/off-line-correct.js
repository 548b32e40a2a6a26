// A kept row is put right in the form: which one stands over it, and what was half typed waits.
import * as clock from "./off-line-clock.js";
import * as draft from "./off-line-draft.js";
import { at, say } from "./off-line-row.js";

const form = document.getElementById("vitals-form");
const bar = document.getElementById("correcting");
const heading = document.getElementById("vitals-heading");
const wasHeading = heading?.textContent;

export const inHand = () => JSON.parse(form.dataset.correcting ?? "null");

export function begin(row, words) {
  const aside = form.dataset.aside ?? (inHand() ? null : JSON.stringify(draft.part(form)));
  const { entry, times, fields, before = [] } = row;
  const said = { entry, times, before: [...before, fields], shown: at(row) };
  const correcting = JSON.stringify(said);
  draft.put(form, { fields, correcting, aside, at: clock.now() });
  tell(words);
  form.querySelector("[name=systolic]").focus();
}

// A row that the server sent back is the one that is kept: of its time, not of now.
export function sentBack({ entry, times, before }) {
  form.dataset.correcting ??= JSON.stringify({ entry, times, before });
}

// Over the row, as long as one is put right.
export function tell(words) {
  const one = inHand();
  bar.hidden = !one?.shown;
  heading.textContent = one?.shown ? say(words.correcting, { at: clock.clock(one.shown) }) : wasHeading;
  if (one && form.elements.entry) form.elements.entry.value = one.entry;
}

// Saved or let be: the row is empty, or as it was half typed before.
export function end(words) {
  const aside = JSON.parse(form.dataset.aside ?? "null");
  draft.clear(form);
  if (aside) draft.put(form, aside);
  tell(words);
}

export function listen(words) {
  bar.querySelector("button").addEventListener("click", () => {
    end(words);
    form.querySelector("[name=systolic]").focus();
  });
}
