// On every page of somebody signed in: how much of the unit's is not sent, and its sending.
import { flush } from "./off-line-outbox.js";
import { askToLast, drop, dropPlan, lasting, plans, speak, unsent } from "./off-line-store.js";

const DAY = 24 * 3600 * 1000;
const place = document.getElementById("unsent");
const unit = place.dataset.unit;

export async function count() {
  const mine = (await unsent()).filter((row) => row.unit === unit);
  const words = mine.length === 1 ? place.dataset.one : place.dataset.many;
  place.hidden = !mine.length;
  place.querySelector("a").textContent = words.replace("{n}", mine.length);
  place.querySelector("a").href = mine.length ? `/sessions/${mine[0].session}/` : "/";
  document.getElementById("unsent-may-go").hidden = !mine.length || (await lasting());
  return mine;
}

export async function sendAll() {
  const done = await flush(unit);
  await count();
  if (done.moved) document.getElementById("unsent-moved").hidden = false;
  return done;
}

// A plan of yesterday with nothing unsent opens nothing any more. Both times are the server's.
export async function tidy(now) {
  const known = new Set((await unsent()).map((row) => row.session));
  for (const { session, fetched } of await plans()) {
    if (known.has(session) || now - fetched <= DAY) continue;
    await drop(`draft ${session}`);
    await dropPlan(session);
  }
}

async function begin() {
  addEventListener("online", sendAll);
  try {
    await count();
    if (!document.getElementById("off-line")) await sendAll();
    const worker = await navigator.serviceWorker.register("/service-worker.js");
    if (!(await lasting())) await askToLast();
    await speak(document.documentElement.lang);
    // With nothing waiting, the new version may come: no running page is asked to go.
    if (!(await count()).length) worker.waiting?.postMessage("take over");
  } catch {
    // a browser that keeps nothing: everything is sent as forms are
  }
}

if ("serviceWorker" in navigator && crypto.subtle) begin();
