// The phone's own store. Personal content is sealed before it comes here (sealing.ts); nothing else is anybody's.
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Kept } from "./outbox.ts";
import type { Sealed } from "./sealing.ts";

export interface KeptPart {
  name: string;
  holder: string;
  mark: string;
  /** Holds something of a person: goes after days without contact. */
  personal: boolean;
  /** The area it was made for, and when the server made it: the server's milliseconds. */
  area: string;
  made: number;
  content: Sealed;
}

interface Tables extends DBSchema {
  parts: { key: [string, string]; value: KeptPart };
  outbox: { key: string; value: Kept };
  photos: { key: [string, number]; value: { uuid: string; n: number; type: string; content: Sealed } };
  keys: { key: string; value: CryptoKey };
  notes: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Tables>;
const NAME = "wangge-field";

let opened: Promise<Database> | null = null;

/** The store, opened once. Rejects where the browser keeps none: the page then says so and works while it is open. */
export function database(): Promise<Database> {
  return (opened ??= openDB<Tables>(NAME, 1, {
    upgrade(made) {
      made.createObjectStore("parts", { keyPath: ["holder", "name"] });
      made.createObjectStore("outbox", { keyPath: "uuid" });
      made.createObjectStore("photos", { keyPath: ["uuid", "n"] });
      made.createObjectStore("keys");
      made.createObjectStore("notes");
    },
    blocking: () => void opened?.then((old) => (old.close(), (opened = null))),
    terminated: () => (opened = null),
  }));
}

export async function note<T>(name: string): Promise<T | undefined> {
  return (await (await database()).get("notes", name)) as T | undefined;
}

export async function keepNote(name: string, value: unknown): Promise<void> {
  await (await database()).put("notes", value, name);
}

/**
 * Forget everything of one person: what waits, what was taken along, the key, what was noted. At once: another tab that
 * takes in a pack at this moment does so before, or finds nobody here any more.
 */
export async function wipe(holder: string): Promise<void> {
  const tx = (await database()).transaction(["parts", "outbox", "photos", "keys", "notes"], "readwrite");
  const theirs = (await tx.objectStore("outbox").getAll()).filter((one) => one.holder === holder).map((one) => one.uuid);
  const all = await tx.objectStore("notes").getAllKeys(); // what is of one person is named after them: "area 3f…"
  const noted = all.filter((name) => name === "holder" || name === "contact" || name.endsWith(` ${holder}`));
  await Promise.all([
    tx.objectStore("parts").delete(IDBKeyRange.bound([holder, ""], [holder, "\uffff"])),
    ...theirs.map((uuid) => tx.objectStore("outbox").delete(uuid)),
    ...theirs.map((uuid) => tx.objectStore("photos").delete(IDBKeyRange.bound([uuid, 0], [uuid, Infinity]))),
    tx.objectStore("keys").delete(holder),
    ...noted.map((name) => tx.objectStore("notes").delete(name)),
    tx.done,
  ]);
}

/** Forget parts of the pack: those for which `which` says so. */
export async function dropParts(holder: string, which: (part: KeptPart) => boolean): Promise<void> {
  const tx = (await database()).transaction("parts", "readwrite");
  const mine = await tx.store.getAll(IDBKeyRange.bound([holder, ""], [holder, "\uffff"]));
  await Promise.all([...mine.filter(which).map((one) => tx.store.delete([holder, one.name])), tx.done]);
}
