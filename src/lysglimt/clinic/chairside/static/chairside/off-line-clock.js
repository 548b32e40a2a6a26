// The server's time beside the tablet's. A wrong clock is measured and told; it stops nobody.
export const APART = 60000;
let offset = 0; // what is to be added to this tablet's clock
let fetched = 0; // the server's time when it was measured

export function measured(serverAt, tabletAt = Date.now()) {
  offset = serverAt - tabletAt;
  fetched = serverAt;
  return offset;
}

export function remembered(row) {
  ({ offset, fetched } = row);
}

export const now = () => Date.now() + offset;
export const times = () => ({ typed_at: Date.now(), reckoned_at: now(), fetched_at: fetched });
// Earlier than the plan was fetched, or days after: the clock was moved since.
export const moved = () => now() < fetched - APART || now() > fetched + 24 * 3600 * 1000;
export const wrong = () => moved() || Math.abs(offset) > APART;

export const clock = (at) =>
  new Intl.DateTimeFormat("nb", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Oslo",
  }).format(at);

// The last time a clock showed this, not after `before`; of what is no time, `before`.
export function lastAt(shown, before) {
  const [now, then] = [clock(before), shown].map((said) => {
    const [, hours, minutes] = /^(\d{1,2})[:.]?(\d{2})$/.exec(said.trim()) ?? [];
    return Number(hours) * 60 + Number(minutes);
  });
  const gone = (now - then + 1440) % 1440;
  return Number.isNaN(gone) ? before : (Math.floor(before / 60000) - gone) * 60000;
}

// Time first, then chance: ids that sort as they were made (UUID version 7).
export function newEntry() {
  const at = Math.floor(Math.max(0, now())).toString(16).padStart(12, "0").slice(-12);
  return `${at.slice(0, 8)}-${at.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
