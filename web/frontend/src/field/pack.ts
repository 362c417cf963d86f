// The worker's own cells on the phone: map, addresses and whatever the views put into the pack on the server.
import type { Hello } from "./contact.ts";
import { database, keepNote, note, type KeptPart } from "./database.ts";
import type { Parts } from "./parts.ts";
import { canSeal, sealJson, unsealJson } from "./sealing.ts";

/** What the server sends: only parts that differ from those the phone has. `same`: the names of the others. */
export interface Sent {
  readonly holder: string;
  readonly area: string;
  readonly made: number;
  readonly parts: Record<string, { mark: string; personal: boolean; content: unknown }>;
  readonly same: string[];
  /** All parts were looked at; else only those of the opening view, and who is signed in is told with them. */
  readonly whole: boolean;
  readonly hello?: Hello;
  /** Areas to choose from, where the whole scope is too large for a phone. */
  readonly choose?: { code: string; name: string }[];
}

export class Pack {
  /** Areas to choose from, where all one's own is more than a phone should hold. */
  choices: { code: string; name: string }[] = [];
  private holder = "";
  private readonly read = new Map<string, Promise<unknown>>();
  /** Personal parts of this visit, where the phone may not store them (plain http). */
  private readonly inMemory = new Map<string, unknown>();

  /** `changed` is called when there is something new to read (true: in this tab alone, it is not stored yet). */
  constructor(private readonly changed: (here: boolean) => void) {}

  belongTo(holder: string): void {
    if (holder === this.holder) return;
    this.holder = holder;
    this.forgetRead();
    this.inMemory.clear();
  }

  /** A part's content; null before the first download. Read once, then the same object for everybody. */
  get<Name extends keyof Parts>(name: Name): Promise<Parts[Name] | null> {
    let reading = this.read.get(name);
    if (!reading) this.read.set(name, (reading = this.open(name)));
    return reading as Promise<Parts[Name] | null>;
  }

  /** When the oldest part was made or last found unchanged, in the phone's milliseconds; null: there is no pack. */
  async age(): Promise<number | null> {
    return (await note<number>(`pack ${this.holder}`).catch(() => undefined)) ?? null;
  }

  /** The area the reader chose, "" for all their own. */
  async area(): Promise<string> {
    return (await note<string>(`area ${this.holder}`).catch(() => undefined)) ?? "";
  }

  /** Take another area along from the next download on. */
  async choose(area: string): Promise<void> {
    await keepNote(`area ${this.holder}`, area);
  }

  /** Name and mark of what is here, to ask for the rest. */
  async marks(): Promise<string> {
    const kept = await this.kept();
    return kept.map((one) => `${one.name}.${one.mark}`).join(",");
  }

  /** Take in what the server sent: shown at once, then stored; parts it no longer has are dropped. */
  async take(sent: Sent): Promise<void> {
    if (sent.holder !== this.holder) return;
    this.choices = sent.choose ?? [];
    if (sent.choose) return this.changed(true);
    const names = Object.keys(sent.parts);
    for (const name of names) this.read.set(name, Promise.resolve(sent.parts[name].content));
    this.changed(true);
    await this.store(sent);
    if (names.length) this.changed(false);
  }

  private async store(sent: Sent): Promise<void> {
    const kept = sent.whole ? await this.kept() : [];
    const gone = kept.filter((one) => !(one.name in sent.parts) && !sent.same.includes(one.name));
    const sealed = await this.sealed(sent);
    const db = await database();
    if (sent.holder !== this.holder) return; // signed out meanwhile: what was wiped stays so
    const tx = db.transaction(["parts", "notes"], "readwrite");
    const [parts, notes] = [tx.objectStore("parts"), tx.objectStore("notes")];
    const here = (await notes.get("holder")) as { holder: string } | undefined;
    if (here?.holder !== sent.holder) return; // signed out in another tab, which has not told us yet
    await Promise.all([
      ...gone.map((one) => parts.delete([sent.holder, one.name])),
      ...sealed.map((one) => parts.put(one)),
      ...(sent.whole ? [notes.put(Date.now(), `pack ${sent.holder}`)] : []),
      tx.done,
    ]);
    for (const { name } of gone) this.read.delete(name);
  }

  /** Hear that another tab has taken in a pack. */
  forgetRead(): void {
    this.read.clear();
  }

  private async sealed(sent: Sent): Promise<KeptPart[]> {
    const { holder, area, made } = sent;
    const safe = await canSeal(holder);
    const kept: KeptPart[] = [];
    for (const [name, { mark, personal, content }] of Object.entries(sent.parts)) {
      if (personal && !safe) this.inMemory.set(name, content);
      else kept.push({ name, holder, mark, personal, area, made, content: await sealJson(holder, content) });
    }
    return kept;
  }

  private async kept(): Promise<KeptPart[]> {
    return (await database()).getAll("parts", IDBKeyRange.bound([this.holder, ""], [this.holder, "\uffff"]));
  }

  private async open(name: string): Promise<unknown> {
    if (this.inMemory.has(name)) return this.inMemory.get(name);
    const kept = await (await database()).get("parts", [this.holder, name]);
    return kept ? unsealJson(this.holder, kept.content) : null;
  }
}
