// What was written here and is not yet known to be stored by the server. It survives closing the browser; an item
// leaves only when the server says "stored", or when its writer deletes it.
import { t } from "../words.ts";
import { database, type Database } from "./database.ts";
import { newUuid, seal, sealJson, unseal, unsealJson, type Sealed } from "./sealing.ts";

export type ItemState = "waiting" | "refused" | "conflict";

/** Why the server did not take it, by its own words. `theirs`: what is stored there, by the names of the body. */
export interface Problem {
  readonly error: string;
  readonly fix: string;
  readonly fields?: Record<string, string>;
  readonly theirs?: Record<string, unknown>;
}

/** What a view says of an item beside its body. */
export interface Telling {
  /** One line for the list of waiting items. */
  readonly title?: string;
  /** Where it is edited: a hash that understands `?item=UUID`. */
  readonly edit?: string;
  /** Words for the names of the body's fields, to compare two sides by. */
  readonly labels?: Record<string, string>;
}

interface Content extends Telling {
  readonly body: Record<string, unknown>;
  readonly problem?: Problem;
}

/** An item as it lies in the store. */
export interface Kept {
  readonly uuid: string;
  readonly holder: string;
  readonly kind: string;
  /** When it was written and last sent: the phone's milliseconds. */
  readonly written: number;
  readonly tried?: number;
  readonly state: ItemState;
  readonly photos: number;
  /** Counts rewrites: an answer to an older writing says nothing of this one. */
  readonly edition: number;
  readonly content: Sealed;
}

/** An item as its writer sees it in a list. */
export interface Item extends Omit<Kept, "content">, Content {}

/** The same with its photos, to send or edit it. */
export interface WholeItem extends Item {
  readonly pictures: Blob[];
}

/** The phone could not keep it: nothing was taken, and the text is still where it was typed. `message` says so. */
export class NoRoom extends Error {}

function noRoom(error: unknown): NoRoom {
  const full = (error as Error)?.name === "QuotaExceededError";
  const why = full ? t("手机存储已满，没有保存。请删去几张照片或清理手机后再试。") : t("浏览器不能保存，内容还在表单里。请复制文字，或换一个浏览器。");
  return new NoRoom(why, { cause: error });
}

export class Outbox {
  /** Nothing is shown before the server was heard: it has been silent for too long (expiry.ts). */
  locked = false;
  /** What the server made of the items stored while this page is open, by UUID: such as the number of a case. */
  readonly outcomes = new Map<string, Record<string, unknown>>();
  private holder = "";

  /** `changed` is called after every change made here: with true when something was written that wants to be sent. */
  constructor(private readonly changed: (written: boolean) => void) {}

  /** Whose items these are. Nobody sees or sends another's. */
  belongTo(holder: string): void {
    this.holder = holder;
  }

  /**
   * Keep something to be sent; resolves once it is safely stored on the phone. Throws NoRoom where the phone is full:
   * then say so and leave the form as it is.
   */
  async add(kind: string, body: Record<string, unknown>, photos: Blob[] = [], telling: Telling = {}): Promise<string> {
    const uuid = newUuid();
    await this.write({ uuid, kind, written: Date.now(), edition: 0 }, { body, ...telling }, photos);
    return uuid;
  }

  /** Write an item anew: it waits again, under the same UUID, so that it can never be stored twice. */
  async rewrite(uuid: string, body: Record<string, unknown>, photos?: Blob[], telling: Telling = {}): Promise<void> {
    const old = await this.get(uuid);
    if (!old) throw new Error("The item is gone: it was sent or deleted meanwhile.");
    const { kind, written, title, edit, labels } = old;
    const kept = { uuid, kind, written, edition: old.edition + 1 };
    await this.write(kept, { title, edit, labels, ...telling, body }, photos ?? old.pictures);
  }

  /** Send an item as one of its own: the server stored an earlier writing of it and keeps that. */
  async asNew(uuid: string): Promise<void> {
    const old = await this.get(uuid);
    if (!old) return;
    const { kind, body, pictures, title, edit, labels } = old;
    await this.add(kind, body, pictures, { title, edit, labels });
    await this.remove(uuid);
  }

  /** The holder's items, the oldest first. */
  async list(): Promise<Item[]> {
    if (this.locked) return [];
    const db = await database();
    const mine = (await db.getAll("outbox")).filter((one) => one.holder === this.holder);
    return Promise.all(mine.sort((a, b) => a.written - b.written).map((one) => this.opened(one)));
  }

  async get(uuid: string): Promise<WholeItem | null> {
    const db = await database();
    const kept = await db.get("outbox", uuid);
    if (kept?.holder !== this.holder || this.locked) return null;
    const sealed = await db.getAll("photos", photosOf(uuid));
    const pictures = await Promise.all(sealed.map((one) => unseal(this.holder, one.content, one.type)));
    return { ...(await this.opened(kept)), pictures };
  }

  /** How many items of the holder wait, and how many of others on this phone. */
  async count(): Promise<{ mine: number; troubled: number; others: number }> {
    const all = await (await database()).getAll("outbox");
    const mine = all.filter((one) => one.holder === this.holder);
    const troubled = mine.filter((one) => one.state !== "waiting").length;
    return { mine: mine.length, troubled, others: all.length - mine.length };
  }

  /** Delete an item: the server stored it, or its writer does not want it. */
  async remove(uuid: string): Promise<void> {
    const tx = (await database()).transaction(["outbox", "photos"], "readwrite");
    await tx.objectStore("outbox").delete(uuid);
    await tx.objectStore("photos").delete(photosOf(uuid));
    await tx.done;
    this.changed(false);
  }

  /** Keep what the server said to an item of this edition; an item that was rewritten meanwhile is left alone. */
  async answered(item: Item, state: ItemState, problem?: Problem): Promise<void> {
    const { body, title, edit, labels } = item;
    const content = await sealJson(this.holder, { body, title, edit, labels, problem });
    const tx = (await database()).transaction("outbox", "readwrite");
    const kept = await tx.store.get(item.uuid);
    if (kept?.edition === item.edition) await tx.store.put({ ...kept, state, tried: Date.now(), content });
    await tx.done;
    this.changed(false);
  }

  /** Delete an item the server stored, unless it was rewritten meanwhile; then the server will show both sides. */
  async stored(item: Item, outcome: Record<string, unknown> = {}): Promise<void> {
    this.outcomes.set(item.uuid, outcome);
    const kept = await (await database()).get("outbox", item.uuid);
    if (kept?.edition === item.edition) await this.remove(item.uuid);
  }

  private async write(
    kept: Pick<Kept, "uuid" | "kind" | "written" | "edition">,
    content: Content,
    photos: Blob[],
  ): Promise<void> {
    if (!this.holder) throw new Error("Nobody has signed in on this phone.");
    const { holder } = this;
    try {
      const sealed = await sealJson(holder, content);
      const pictures = await Promise.all(photos.map((photo) => seal(holder, photo)));
      const whole: Kept = { ...kept, holder, state: "waiting", photos: photos.length, content: sealed };
      await putAll(await database(), whole, photos, pictures);
    } catch (error) {
      throw noRoom(error);
    }
    this.changed(true);
  }

  private async opened(kept: Kept): Promise<Item> {
    return { ...kept, ...(await unsealJson<Content>(this.holder, kept.content)) };
  }
}

/** The item and its photos, or neither. */
async function putAll(db: Database, kept: Kept, photos: Blob[], pictures: Sealed[]): Promise<void> {
  const tx = db.transaction(["outbox", "photos"], "readwrite");
  const store = tx.objectStore("photos");
  await Promise.all([
    tx.objectStore("outbox").put(kept),
    store.delete(photosOf(kept.uuid)),
    ...pictures.map((content, n) => store.put({ uuid: kept.uuid, n, type: photos[n].type, content })),
    tx.done,
  ]);
}

function photosOf(uuid: string): IDBKeyRange {
  return IDBKeyRange.bound([uuid, 0], [uuid, Infinity]);
}
