// What others chart in the session is shown here. What is typed, the focus and the place stay.
import { follow, keepingFocus, parsed } from "./follow.js";

const here = document.getElementById("live");
const further = document.getElementById("further");
const last = new Map();

function bare(region) {
  const copy = region.cloneNode(true);
  copy.querySelectorAll("input[type=hidden]").forEach((one) => one.remove());
  copy.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
  copy.querySelectorAll("button").forEach((one) => one.removeAttribute("value"));
  return copy;
}

function show(html) {
  const answer = parsed(html);
  const stays = [...document.querySelectorAll("main .card")].find(
    (one) => !one.closest("[data-live]") && one.getBoundingClientRect().bottom > 0,
  );
  const top = stays?.getBoundingClientRect().top;
  for (const region of document.querySelectorAll("[data-live]")) {
    const next = answer.querySelector(`[data-live="${region.dataset.live}"]`);
    const said = bare(next);
    if (said.isEqualNode(last.get(region) ?? bare(region))) continue;
    if (region.dataset.typed) further.hidden = false;
    else {
      swap(region, next);
      last.set(region, said);
    }
  }
  const now = answer.querySelector("[data-stage]").dataset;
  const same = (name) => now[name] === here.dataset[name];
  if (!same("stage") || !same("cards") || !same("dose")) further.hidden = false;
  if (!same("dose")) outdated();
  if (stays) scrollBy(0, stays.getBoundingClientRect().top - top);
}

// A dose or a rate that may be another by now does not look as one to go by.
function outdated() {
  for (const one of document.querySelectorAll("main .card")) {
    if (!one.closest("[data-live]") && one.querySelector(".facts--large, .steps")) one.classList.add("card--outdated");
  }
}

function swap(region, next) {
  const open = [...region.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  const aside = [...region.querySelectorAll(".table-frame")].map((one) => one.scrollLeft);
  keepingFocus(region, () => region.replaceChildren(...next.childNodes));
  for (const one of region.querySelectorAll("summary")) {
    if (open.includes(one.textContent)) one.parentElement.open = true;
  }
  region.querySelectorAll(".table-frame").forEach((one, n) => (one.scrollLeft = aside[n] ?? 0));
  const kind = next.dataset.kind;
  if (kind !== undefined) region.closest(".card").className = `card ${kind && `card--${kind}`}`;
}

addEventListener("input", (event) => {
  const region = event.target.closest("[data-live]");
  if (region) region.dataset.typed = "yes";
});

follow(here.dataset.page, { seen: () => here.dataset.seen, show, old: () => last.clear() });
