// What the page says of time goes on: the next observation, and the wait for the next device.
// The server's clock rules; the words are the server's.
const first = new WeakMap();
let asked = false;

// From when a line came to the page. A tablet that slept has one clock that stood still: the
// longer of the two is taken.
function since(line) {
  if (!first.has(line)) first.set(line, { steady: performance.now(), wall: Date.now() });
  const began = first.get(line);
  return Math.max(performance.now() - began.steady, Date.now() - began.wall, 0);
}

export function span(minutes, hour) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (!hours) return `${rest} min`;
  return rest ? `${hours} ${hour} ${rest} min` : `${hours} ${hour}`;
}

export function dueSaid({ planned, late, aheadWords, dueWords, lateWords, hour }, now) {
  const minutes = (now - planned) / 60000;
  if (minutes < 0) return { kind: "", line: aheadWords.replace("{left}", span(Math.ceil(-minutes), hour)) };
  if (now <= late) return { kind: "due", line: dueWords };
  return { kind: "late", line: lateWords.replace("{left}", span(Math.floor(minutes), hour)) };
}

export function left(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

function tellDue(due) {
  const { kind, line } = dueSaid(due.dataset, Number(due.dataset.now) + since(due));
  if (due.textContent !== line) due.textContent = line;
  const card = due.closest(".card");
  card.classList.toggle("card--due", kind === "due");
  card.classList.toggle("card--late", kind === "late");
}

function untouched() {
  return [...document.querySelectorAll("main form")].every((form) =>
    [...form.elements].every((field) =>
      ["checkbox", "radio"].includes(field.type)
        ? field.checked === field.defaultChecked
        : field.type === "hidden" || field.value === (field.defaultValue ?? field.value)));
}

async function reachable() {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(4000) })).ok;
  } catch {
    return false;
  }
}

// Before the next device the page is fetched anew: a red reading of a colleague holds it.
async function waitOver(wait) {
  if (asked) return;
  asked = true;
  wait.closest("p").textContent = wait.dataset.over;
  // What was sent and refused stands on a page of its own, and is not lost.
  const opened = location.pathname === wait.dataset.page;
  if (opened && untouched() && (await reachable())) location.assign(wait.dataset.page);
}

function tick() {
  // Without the network the page tells it by what the tablet has kept.
  if (document.getElementById("unsent-away")?.hidden === false) return;
  const due = document.querySelector(".due__headline[data-planned]");
  if (due) tellDue(due);
  const wait = document.querySelector("[data-wait]");
  if (!wait) return;
  const rest = Number(wait.dataset.wait) - Number(wait.dataset.now) - since(wait);
  if (rest > 0) wait.textContent = left(rest);
  else waitOver(wait);
}

tick();
setInterval(tick, 1000);
