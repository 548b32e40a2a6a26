// What this tablet keeps, sealed: the plan of a session, and what is typed and not sent.
const opened = new Promise((done, fail) => {
  const asked = indexedDB.open("lysglimt", 1);
  asked.onupgradeneeded = () => {
    asked.result.createObjectStore("plans", { keyPath: "session" });
    asked.result.createObjectStore("outbox", { keyPath: "entry" });
  };
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => fail(asked.error);
  asked.onblocked = () => fail(new Error("blocked"));
});
opened.catch(() => {}); // whoever asks for something is told

async function within(store, mode, work) {
  const database = await opened;
  return new Promise((done, fail) => {
    const deed = database.transaction(store, mode, { durability: "strict" });
    let result;
    work(deed.objectStore(store), (found) => (result = found));
    deed.oncomplete = () => done(result);
    deed.onabort = deed.onerror = () => fail(deed.error);
  });
}

const asked = (request, tell) => (request.onsuccess = () => tell(request.result));

export const plans = () => within("plans", "readonly", (rows, tell) => asked(rows.getAll(), tell));
export const plan = (session) =>
  within("plans", "readonly", (rows, tell) => asked(rows.get(session), tell));
export const keepPlan = (row) => within("plans", "readwrite", (rows) => rows.put(row));
export const dropPlan = (session) => within("plans", "readwrite", (rows) => rows.delete(session));

const all = () => within("outbox", "readonly", (rows, tell) => asked(rows.getAll(), tell));

// In the order in which they were typed, whatever the clock did meanwhile.
export const unsent = async () =>
  (await all())
    .filter(({ state }) => state !== "draft")
    .sort((one, other) => one.order - other.order);
export const one = (entry) =>
  within("outbox", "readonly", (rows, tell) => asked(rows.get(entry), tell));

// The same entry once more takes the place of the first, and its turn; with `since` only in the
// place of that version. Tells whether it is there.
export const keep = (row, since) =>
  within("outbox", "readwrite", (rows, tell) => {
    asked(rows.getAll(), (found) => {
      const same = found.find((one) => one.entry === row.entry);
      if (since !== undefined && same?.version !== since) return;
      const last = Math.max(0, ...found.map((one) => one.order));
      const tried = row.tried ?? same?.tried ?? false;
      rows.put({ ...row, tried, order: same?.order ?? last + 1 });
      tell(true);
    });
  });

// From now on the server may have it. Tells whether this version is still the one that is kept.
export const leaving = ({ entry, version }) =>
  within("outbox", "readwrite", (rows, tell) => {
    asked(rows.get(entry), (now) => {
      if (!now || now.version !== version) return;
      rows.put({ ...now, tried: true });
      tell(true);
    });
  });

// Only what was sent is taken away, and only if it is still what was sent.
export const drop = (entry, version) =>
  within("outbox", "readwrite", (rows) => {
    asked(rows.get(entry), (now) => {
      if (now && (version === undefined || now.version === version)) rows.delete(entry);
    });
  });

// False where the browser may throw away what is kept when its disk is full.
export const lasting = async () => (await navigator.storage?.persisted?.()) ?? false;
export const askToLast = async () => (await navigator.storage?.persist?.()) ?? false;

export async function speak(language) {
  const shell = await caches.open("language");
  await shell.put("/off-line/language", new Response(language));
}
