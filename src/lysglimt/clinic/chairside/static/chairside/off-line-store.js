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

// In the order in which they were typed, whatever the clock did meanwhile.
export const unsent = async () =>
  (await within("outbox", "readonly", (rows, tell) => asked(rows.getAll(), tell))).sort(
    (one, other) => one.order - other.order,
  );

// The same entry once more takes the place of the first, and its turn.
export const keep = (row) =>
  within("outbox", "readwrite", (rows) => {
    asked(rows.getAll(), (all) => {
      const same = all.find((one) => one.entry === row.entry);
      const last = Math.max(0, ...all.map((one) => one.order));
      rows.put({ ...row, order: same?.order ?? last + 1 });
    });
  });

// Only what was sent is taken away, and only if it is still what was sent.
export const drop = (entry, version) =>
  within("outbox", "readwrite", (rows) => {
    asked(rows.get(entry), (now) => {
      if (now && (version === undefined || now.version === version)) rows.delete(entry);
    });
  });

export async function speak(language) {
  const shell = await caches.open("language");
  await shell.put("/off-line/language", new Response(language));
}
