// Keeps the shell for when the network is gone: scripts, styles, an empty chart page. Never a page
// of the clinic. SHELL and NAME stand above, written by the server.
const GONE = new Set([502, 504]); // a proxy in front of a server that is down
const PATIENCE = { page: 15000, posted: 30000, part: 3000 };
const OWED = "/off-line/owed";

addEventListener("install", (event) => {
  const asked = SHELL.map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(asked)));
});

addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== NAME && name.startsWith("lysglimt-"));
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

// A page says when nothing on the tablet waits for the version that was.
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  if (request.mode === "navigate") event.respondWith(page(request, path));
  else if (SHELL.includes(path)) event.respondWith(part(request, path));
});

// The network's, if it comes and is one; else what is kept: a name may be of another version.
async function part(request, path) {
  const asked = fetch(request);
  const answer = await soon(asked, PATIENCE.part).catch(() => null);
  if (answer?.ok) return answer;
  return (await kept(path)) ?? answer ?? asked.catch(() => Response.error());
}

async function page(request, path) {
  const posted = request.method !== "GET";
  const ours = path.startsWith("/off-line/");
  try {
    // No page of the clinic while a lock is owed.
    if (ours || (await locked())) {
      const answer = await soon(fetch(request), patience(path, posted));
      if (!GONE.has(answer.status)) return answer;
    }
  } catch {
    // no network, or none that answers
  }
  const language = (await (await caches.match("/off-line/language"))?.text()) ?? "nb";
  const shell = `/off-line/${language}/`;
  // What was posted from another page may or may not have arrived: the shell says so.
  if (posted) return Response.redirect(`${shell}?unsure`, 303);
  return (await kept(shell)) ?? Response.error();
}

function patience(path, posted) {
  if (path.startsWith("/off-line/")) return PATIENCE.part;
  if (!path.startsWith("/sessions/")) return 0;
  return posted ? PATIENCE.posted : PATIENCE.page;
}

// A screen that was locked without the network: the server is told before it shows anything.
async function locked() {
  const owed = await caches.match(OWED);
  if (!owed) return true;
  const { action, token } = await owed.json();
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  const said = { method: "POST", body, redirect: "manual" };
  const answer = await soon(fetch(action, said), PATIENCE.page);
  if (answer.status >= 500) return false;
  await (await caches.open("owed")).delete(OWED);
  return true;
}

async function kept(path) {
  return (await caches.open(NAME)).match(path, { ignoreVary: true });
}

function soon(answer, patience) {
  if (!patience) return answer;
  const late = new Promise((_, fail) => setTimeout(fail, patience, new Error("late")));
  return Promise.race([answer, late]);
}
