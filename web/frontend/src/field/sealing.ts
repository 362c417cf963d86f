// Personal content on the phone is sealed with AES-GCM under a key that cannot be read out, one a person.
// The key lies in IndexedDB as an object the browser will use but not show; without it what is stored says nothing.
import { database } from "./database.ts";

/** Content as it is stored: sealed, or plain where the connection gives no key (plain http). */
export type Sealed = { iv: Uint8Array<ArrayBuffer>; bytes: ArrayBuffer } | { plain: Blob };

const keys = new Map<string, Promise<CryptoKey | null>>();

/** The holder's key, made and kept where there is none; null where the browser gives or keeps none (plain http). */
function keyOf(holder: string): Promise<CryptoKey | null> {
  let key = keys.get(holder);
  if (!key) keys.set(holder, (key = readOrMake(holder)));
  return key;
}

/** Whether what is kept for this holder is sealed. Where not, nothing of people is kept. */
export async function canSeal(holder: string): Promise<boolean> {
  return (await keyOf(holder).catch(() => null)) !== null;
}

async function readOrMake(holder: string): Promise<CryptoKey | null> {
  if (typeof crypto === "undefined" || !crypto.subtle) return null;
  const db = await database();
  const kept = await db.get("keys", holder);
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const tx = db.transaction("keys", "readwrite"); // another tab may have made one meanwhile: the first stays
  const first = (await tx.store.get(holder)) ?? made;
  try {
    await tx.store.put(first, holder);
    await tx.done;
  } catch {
    return null; // a private window may refuse to keep a key: what it sealed could not be read after a restart
  }
  return first;
}

/** Forget the keys this page holds; those in the store go with the store. */
export function forgetKeys(): void {
  keys.clear();
}

export async function seal(holder: string, content: Blob): Promise<Sealed> {
  const key = await keyOf(holder);
  if (!key) return { plain: content };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, await content.arrayBuffer()) };
}

/** Throws where the key is gone: what it sealed is gone with it. */
export async function unseal(holder: string, sealed: Sealed, type = ""): Promise<Blob> {
  if ("plain" in sealed) return sealed.plain;
  const key = await keyOf(holder);
  if (!key) throw new Error("The key is gone.");
  return new Blob([await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.bytes)], { type });
}

export async function sealJson(holder: string, value: unknown): Promise<Sealed> {
  return seal(holder, new Blob([JSON.stringify(value)]));
}

export async function unsealJson<T>(holder: string, sealed: Sealed): Promise<T> {
  return JSON.parse(await (await unseal(holder, sealed)).text()) as T;
}

/** A random UUID, also where crypto.randomUUID is not given (plain http). */
export function newUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
