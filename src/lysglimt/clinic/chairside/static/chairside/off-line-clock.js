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

// Time first, then chance: ids that sort as they were made (UUID version 7).
export function newEntry() {
  const made = crypto.getRandomValues(new Uint8Array(16));
  const at = Math.max(0, now());
  for (let byte = 0; byte < 6; byte++) made[byte] = Math.floor(at / 256 ** (5 - byte)) % 256;
  made[6] = 0x70 | (made[6] & 0x0f);
  made[8] = 0x80 | (made[8] & 0x3f);
  const digits = Array.from(made, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
