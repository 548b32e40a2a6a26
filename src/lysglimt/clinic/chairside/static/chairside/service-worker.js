// Keeps the shell for when the network is gone: scripts, styles, an empty chart page. Never a page
// of the clinic. SHELL and NAME stand above, written by the server.
const GONE = new Set([502, 504]); // a proxy in front of a server that is down
const PATIENCE = 15000;

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

async function part(request, path) {
  try {
    return await fetch(request);
  } catch {
    return (await kept(path)) ?? Response.error();
  }
}

async function page(request, path) {
  const posted = request.method !== "GET";
  try {
    const waiting = !posted && path.startsWith("/sessions/") ? PATIENCE : 0;
    const answer = await soon(fetch(request), waiting);
    if (!GONE.has(answer.status)) return answer;
  } catch {
    // no network, or none that answers
  }
  const language = (await (await caches.match("/off-line/language"))?.text()) ?? "nb";
  const shell = `/off-line/${language}/`;
  // What was posted from another page may or may not have arrived: the shell says so.
  if (posted) return Response.redirect(`${shell}?unsure`, 303);
  return (await kept(shell)) ?? Response.error();
}

async function kept(path) {
  return (await caches.open(NAME)).match(path, { ignoreVary: true });
}

function soon(answer, patience) {
  if (!patience) return answer;
  const late = new Promise((_, fail) => setTimeout(fail, patience, new Error("late")));
  return Promise.race([answer, late]);
}
