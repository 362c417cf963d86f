// The field page itself: who is here, which view shows, when the server was last heard.
import { RequestTrouble } from "../request.ts";
import { noteFieldHere } from "../site/leaving.ts";
import { askOnce, contactAfter, type Contact, type Holder } from "./contact.ts";
import { dropParts, keepNote, note } from "./database.ts";
import { isExpired } from "./expiry.ts";
import { endSession, isLeft, leave } from "./leaving.ts";
import { Outbox } from "./outbox.ts";
import { Pack } from "./pack.ts";
import { fetchFirst, fetchPack } from "./packing.ts";
import { sendWaiting } from "./sending.ts";
import { askToKeep, askToSend } from "./shelf.ts";
import type { App, Moment } from "./view.ts";

const EVERY_MS = 60_000; // while the page is looked at and all is well
const FIRST_RETRY_MS = 2_000; // then twice as long each time, up to EVERY_MS
const PACK_EVERY_MS = 600_000;

/** Tells the other tabs of this page what happened in this one. */
type Word = "outbox" | "sent" | "pack" | "left";

export class FieldApp implements App {
  readonly outbox = new Outbox((written) => this.outboxChanged(written));
  readonly pack = new Pack((here) => (here ? this.tell("pack") : this.tellTabs("pack")));
  contact: Contact = "unknown";
  holder: Holder | null = null;
  /** How much of the pack has come, 0–1; null while none is coming. */
  progress: number | null = null;
  private readonly tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("wangge-field");
  private readonly hearing = new Map<Moment, Set<() => void>>();
  private timer = 0;
  private tries = 0;
  private packAsked = -Infinity;
  private again = false;
  private trying: Promise<void> | null = null;
  /** Signed out here: what still comes for this person is not taken in. */
  private gone = false;

  constructor(private readonly show: { say: (message: string) => void; left: () => void }) {}

  get online(): boolean {
    return this.contact === "online";
  }

  /** Take up whoever was here last, so that the page works before the server answers, or without it. */
  async start(): Promise<void> {
    this.tabs?.addEventListener("message", ({ data }) => this.heardTab(data as Word));
    for (const moment of ["online", "focus"]) addEventListener(moment, () => this.tryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.tryNow());
    addEventListener("offline", () => this.heard("offline"));
    const last = await note<Holder>("holder").catch(() => undefined);
    if (last) await this.hold(last);
    else this.trying = this.begin().finally(() => (this.trying = null));
    void Promise.resolve(this.trying).then(() => this.tryNow());
  }

  /** A phone that has nothing yet: the opening view before the rest. */
  private async begin(): Promise<void> {
    if (await isLeft()) return; // what the page's own answer has asked for is still of the one who left
    const sent = await fetchFirst();
    if (!sent?.hello) return;
    await this.met(sent.hello);
    this.heard("online");
    void this.pack.take(sent).catch(() => undefined);
  }

  go(hash: string): void {
    location.hash = hash;
  }

  retry(): void {
    this.tryNow();
  }

  refresh(): void {
    this.packAsked = -Infinity;
    this.tryNow();
  }

  say(message: string): void {
    this.show.say(message);
  }

  on(moment: Moment, hear: () => void): () => void {
    const all = this.hearing.get(moment) ?? new Set();
    this.hearing.set(moment, all.add(hear));
    return () => all.delete(hear);
  }

  async ask<T>(address: string, signal?: AbortSignal): Promise<T> {
    try {
      const answer = await askOnce<T>(address, signal ?? AbortSignal.timeout(20_000));
      if (!this.online) this.tryNow();
      return answer;
    } catch (error) {
      if (!signal?.aborted && contactAfter(error) !== "turned-away") this.heard(contactAfter(error));
      throw error;
    }
  }

  /** Nothing is under way. */
  get settled(): boolean {
    return this.trying === null;
  }

  /** Send what waits and look for news, now; one try at a time. */
  tryNow(): void {
    clearTimeout(this.timer);
    this.again = this.trying !== null;
    this.trying ??= this.tryOnce().finally(() => this.tried());
  }

  private tried(): void {
    this.trying = null;
    if (this.again && this.online) this.tryNow(); // something was written while we were at it
  }

  /** Wipe everything of this person from the phone and end the session. */
  async leave(): Promise<void> {
    this.gone = true;
    this.pack.belongTo(""); // what is still on its way is not kept
    await leave(this.holder?.holder ?? "");
    this.tellTabs("left");
    this.show.left();
  }

  /** Take another area along. */
  async chooseArea(code: string): Promise<void> {
    await this.pack.choose(code);
    this.packAsked = -Infinity;
    this.tryNow();
  }

  private async tryOnce(): Promise<void> {
    const free = await endSession();
    await this.mindExpiry().catch(() => undefined);
    const tried = free ? await sendWaiting(this.outbox, this.holder?.holder ?? "").catch(() => null) : null;
    if (tried?.hello) await this.met(tried.hello);
    this.heard(tried?.contact ?? "offline");
    if (this.online && tried?.hello && !this.gone) await this.refreshPack(tried.stored > 0).catch(() => undefined);
    const { mine, troubled } = await this.outbox.count().catch(() => ({ mine: 0, troubled: 0 }));
    this.tries = this.online && mine === troubled ? 0 : this.tries + 1;
    const wait = this.tries ? Math.min(EVERY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.tries - 1, 5)) : EVERY_MS;
    if (!document.hidden || mine) this.timer = window.setTimeout(() => this.tryNow(), wait);
  }

  /** The server said who we are. */
  private async met({ holder, able, days, demonstration }: Holder): Promise<void> {
    if (this.gone) return;
    const met = { holder, able, days, demonstration };
    const before = this.holder?.holder;
    await keepNote("holder", met).catch(() => undefined);
    await keepNote("contact", Date.now()).catch(() => undefined);
    noteFieldHere();
    if (before !== holder) {
      if (before) await dropParts(before, () => true).catch(() => undefined); // what they wrote stays, sealed, for them
      this.packAsked = -Infinity;
      this.again = true; // this person's items have not been tried yet
    }
    this.outbox.locked = false;
    await this.hold(met);
  }

  private async hold(holder: Holder): Promise<void> {
    this.holder = holder;
    this.outbox.belongTo(holder.holder);
    this.pack.belongTo(holder.holder);
    await this.mindExpiry().catch(() => undefined);
  }

  /** After too long without contact nothing of people stays readable; what was written stays, sealed, until it is sent. */
  private async mindExpiry(): Promise<void> {
    const contact = await note<number>("contact");
    if (!this.holder || contact === undefined || !isExpired(Date.now(), contact, this.holder.days)) return;
    await dropParts(this.holder.holder, (part) => part.personal);
    this.pack.forgetRead();
    this.outbox.locked = true;
    this.tell("pack");
    this.tell("outbox");
  }

  private async refreshPack(stored: boolean): Promise<void> {
    if (!stored && performance.now() - this.packAsked < PACK_EVERY_MS) return;
    this.packAsked = performance.now();
    try {
      await fetchPack(this.pack, (share) => ((this.progress = share), this.tell("progress")));
      askToKeep();
    } catch (error) {
      this.packAsked = -Infinity;
      if (!(error instanceof RequestTrouble) || error.kind !== "missing") throw error;
      await this.pack.choose(""); // the area is no longer one's own
      await fetchPack(this.pack, () => undefined);
    } finally {
      this.progress = null;
      this.tell("progress");
    }
  }

  private heard(contact: Contact): void {
    this.contact = contact;
    this.tell("contact");
  }

  private outboxChanged(written: boolean): void {
    this.tellTabs("outbox");
    this.tell("outbox");
    if (!written) return;
    askToKeep();
    void askToSend().catch(() => undefined);
    this.tryNow();
  }

  private tellTabs(word: Word): void {
    this.tabs?.postMessage(word);
  }

  private heardTab(word: Word): void {
    if (word === "left") return void ((this.gone = true), this.pack.belongTo(""), this.show.left());
    if (word === "sent") return this.refresh(); // by the service worker: what the phone has of it is old
    if (word === "pack") this.pack.forgetRead();
    this.tell(word);
  }

  private tell(moment: Moment): void {
    for (const hear of this.hearing.get(moment) ?? []) hear();
  }
}
