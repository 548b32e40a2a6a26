// Locks the screen when nobody has touched it, and tells the server while somebody types.
// What was being filled in is sent along, sealed for the one who typed it.
const form = document.getElementById("lock");
const line = document.getElementById("locked-away");
const after = Number(form.dataset.after) * 1000;
const steady = after / 8;
const ACTIVE = "lysglimt-active";
const LOCKED = "lysglimt-locked";
let told = Date.now();
let changed = null;
let locking = false;

const active = () => Number(localStorage.getItem(ACTIVE)) || told;

function touched() {
  const now = Date.now();
  if (now - active() > 1000) localStorage.setItem(ACTIVE, now);
  if (now - told < steady || locking) return;
  told = now;
  const token = new FormData(form);
  fetch(form.dataset.present, { method: "POST", body: token }).then((answer) => {
    if (answer.status === 403) lock();
  }, () => {});
}

// Fields of the form that was changed last; a password is never sent.
function carried() {
  const body = new URLSearchParams(new FormData(form));
  if (changed === null || changed.hasAttribute("data-no-lock")) return body;
  body.set("lock-action", new URL(changed.action).pathname);
  for (const [name, value] of new FormData(changed)) {
    const secret = changed.elements[name]?.type === "password";
    if (typeof value === "string" && !secret && name !== "csrfmiddlewaretoken") {
      body.append(name, value);
    }
  }
  return body;
}

async function lock() {
  locking = true;
  document.documentElement.classList.add("locked");
  localStorage.setItem(LOCKED, Date.now());
  try {
    const signal = AbortSignal.timeout(10000);
    const answer = await fetch(form.action, { method: "POST", body: carried(), signal });
    if (answer.status >= 500) throw new Error("away");
    location.replace(answer.url);
  } catch {
    away();
  }
}

// No network: a page that can seal what was typed is left for one that asks for a code. Another
// stays as it is, unseen, and says so, until it can be told.
async function away() {
  const asked = new CustomEvent("locked-away", { detail: {} });
  dispatchEvent(asked);
  const code = await asked.detail.leave?.().catch(() => null);
  if (code && (await owe(code).catch(() => false))) return;
  line.hidden = false;
  setTimeout(lock, 5000);
}

// The worker tells the server before it shows a page again.
async function owe(code) {
  const token = new FormData(form).get("csrfmiddlewaretoken");
  const owed = await caches.open("owed");
  await owed.put("/off-line/owed", new Response(JSON.stringify({ action: form.action, token })));
  location.replace(code);
  return true;
}

localStorage.setItem(ACTIVE, told);
for (const kind of ["pointerdown", "keydown", "input", "scroll"]) {
  addEventListener(kind, touched, { passive: true, capture: true });
}
addEventListener("input", (event) => {
  if (event.target.form && event.target.closest("main")) changed = event.target.form;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  lock();
});
line.querySelector("a").addEventListener("click", (event) => {
  event.preventDefault();
  owe(event.target.href);
});
addEventListener("storage", (event) => {
  if (event.key === LOCKED && !locking) lock();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
setInterval(() => {
  if (!locking && Date.now() - active() >= after) lock();
}, Math.min(1000, after / 4));
