// Nothing lies readable on the tablet: a key that the server gives out on line seals it, and that
// key lies here only wrapped by the code on the patient's wrist.
const ROUNDS = 600000;
const text = new TextEncoder();

export const bytes = (said) => Uint8Array.from(atob(said), (letter) => letter.charCodeAt(0));

export const imported = (raw) =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// Tells two keys apart, and neither from the other.
export async function print(raw) {
  const said = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  return Array.from(said.slice(0, 8), (one) => one.toString(16).padStart(2, "0")).join("");
}

// `place` is bound to it: moved to another session or entry it does not open.
export async function seal(key, place, said) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: text.encode(place) };
  return { iv, sealed: await crypto.subtle.encrypt(how, key, text.encode(JSON.stringify(said))) };
}

export async function open(key, place, { iv, sealed }) {
  const how = { name: "AES-GCM", iv, additionalData: text.encode(place) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, sealed)));
}

// As it is read on a wrist: O is 0, I and L are 1, and neither case nor a dash matters.
export const plain = (code) =>
  code.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1").replace(/[^0-9A-Z]/g, "");

async function fromCode(code, salt) {
  const typed = await crypto.subtle.importKey("raw", text.encode(plain(code)), "PBKDF2", false, [
    "deriveKey",
  ]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
}

export async function wrap(raw, code) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const key = await fromCode(code, salt);
  return { salt, iv, wrapped: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, raw) };
}

// The key, or null for another code.
export async function unwrap({ salt, iv, wrapped }, code) {
  try {
    const key = await fromCode(code, salt);
    return imported(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, wrapped));
  } catch {
    return null;
  }
}
