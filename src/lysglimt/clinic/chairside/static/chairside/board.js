// The chairs, asked anew by themselves. What is older than five seconds says so at once.
const EVERY = 3000;
const PATIENCE = 2000;
const board = document.getElementById("board");
const stale = document.getElementById("stale");
const told = stale.querySelector("p");
let tag = "";
let heard = Date.now();
let asking = false;
let pressed = false;

async function ask() {
  if (asking) return;
  asking = true;
  const late = new AbortController();
  const clock = setTimeout(() => late.abort(), PATIENCE);
  try {
    const seen = board.querySelector("[data-seen]")?.dataset.seen ?? "";
    const answer = await fetch(location.pathname, {
      headers: { "X-Background": "board", "X-Seen": seen, "If-None-Match": tag },
      cache: "no-store",
      redirect: "manual",
      signal: late.signal,
    });
    if (answer.status === 200) show(await answer.text(), answer.headers.get("ETag"));
    else if (answer.status !== 304) throw new Error(answer.status);
    fresh(answer.headers.get("X-Clock"));
  } catch {
    old();
  } finally {
    clearTimeout(clock);
    asking = false;
  }
}

// A button that is being pressed stays where it is, and so does the focus.
function show(html, newTag) {
  if (pressed) return;
  const focused = board.contains(document.activeElement) ? document.activeElement.id : "";
  board.innerHTML = html;
  tag = newTag;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function fresh(at) {
  heard = Date.now();
  told.hidden = true;
  delete board.dataset.stale;
  for (const place of document.querySelectorAll("[data-clock]")) place.textContent = at;
}

function old() {
  told.hidden = false;
  board.dataset.stale = "";
}

addEventListener("pointerdown", () => (pressed = true));
for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, () => setTimeout(() => (pressed = false)));
}
addEventListener("offline", old);
addEventListener("online", ask);
document.addEventListener("visibilitychange", () => document.hidden || ask());
setInterval(ask, EVERY);
// A tablet that slept, or a clock that stood still, is found out before the next answer.
setInterval(() => Date.now() - heard > EVERY + PATIENCE && old(), 500);
ask();
