// A page that asks anew by itself. What is older than five seconds says so at once.
const EVERY = 3000;
const PATIENCE = 2000;
const HELD = 1500;
const RELEASED = ["pointerup", "pointercancel", "contextmenu", "dragend", "blur"];
let heard = Date.now();
let asking = false;
let release = () => {};
let released = Promise.resolve();
let tag = "";

// `show` gets what the server says now; `old` is told when it does not answer, `gone` when it shows
// nothing here any more.
export function follow(address, { seen, show, old, fresh = () => {}, gone }) {
  const told = document.querySelector("#stale p");

  async function ask() {
    if (asking || document.hidden) return;
    asking = true;
    const late = new AbortController();
    const clock = setTimeout(() => late.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {
        headers: { "X-Background": "follow", "X-Seen": seen(), "If-None-Match": tag },
        cache: "no-store",
        redirect: "manual",
        signal: late.signal,
      });
      const came = Date.now();
      if (answer.status === 200) await take(await answer.text(), answer.headers.get("ETag"));
      else if (answer.status === 403 || answer.type === "opaqueredirect") return (gone ?? lost)();
      else if (answer.status !== 304) throw new Error(answer.status);
      heard = came;
      told.hidden = true;
      for (const place of document.querySelectorAll("[data-clock]")) {
        place.textContent = answer.headers.get("X-Clock");
      }
      fresh();
    } catch {
      lost();
    } finally {
      clearTimeout(clock);
      asking = false;
    }
  }

  // A button that is being pressed stays where it is for so long; then what is new is shown.
  async function take(html, newTag) {
    await released;
    show(html);
    tag = newTag;
  }

  function lost() {
    told.hidden = false;
    tag = "";
    old();
  }

  addEventListener("pointerdown", () => {
    release();
    released = new Promise((done) => (release = done));
    setTimeout(release, HELD);
  });
  for (const kind of RELEASED) addEventListener(kind, () => setTimeout(release));
  addEventListener("offline", lost);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", ask);
  setInterval(ask, EVERY);
  // A tablet that slept, or a clock that stood still, is found out before the next answer.
  setInterval(() => !document.hidden && Date.now() - heard > EVERY + PATIENCE && lost(), 500);
  // What was just opened is new; what the browser has kept and shows again is not.
  addEventListener("pageshow", (event) => event.persisted && ask());
}

export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

// The focus goes back to what has the same id, or leads to the same place.
export function keepingFocus(within, change) {
  const focused = within.contains(document.activeElement) ? document.activeElement : null;
  const key = focused?.id || focused?.getAttribute("href") || "";
  change();
  if (!focused || focused.isConnected || !key) return;
  const same = [...within.querySelectorAll("[id], [href]")];
  const found = same.find((one) => one.id === key || one.getAttribute("href") === key);
  found?.focus({ preventScroll: true });
}
