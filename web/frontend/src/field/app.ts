// The field page itself: who is here, which view shows, when the server was last heard.
import { askOnce, contactAfter, type Contact, type Holder } from "./contact.ts";
import { keepNote, note } from "./database.ts";
import { Outbox } from "./outbox.ts";
import { Pack, type Sent } from "./pack.ts";
import { sendWaiting } from "./sending.ts";
import type { App, Moment } from "./view.ts";

const EVERY_MS = 60_000; // while the page is looked at and all is well
const FIRST_RETRY_MS = 2_000; // then twice as long each time, up to EVERY_MS
const PACK_EVERY_MS = 600_000;

/** Tells the other tabs of this page what happened in this one. */
type Word = "outbox" | "pack" | "left";

export class FieldApp implements App {
  readonly outbox = new Outbox((written) => this.outboxChanged(written));
  readonly pack = new Pack(() => this.changed("pack"));
  contact: Contact = "unknown";
  holder: Holder | null = null;
  private readonly tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("wangge-field");
  private readonly hearing = new Map<Moment, Set<() => void>>();
  private timer = 0;
  private tries = 0;
  private packAsked = -Infinity;
  private again = false;
  private trying: Promise<void> | null = null;

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
    if (last) this.hold(last);
    this.tryNow();
  }

  go(hash: string): void {
    location.hash = hash;
  }

  retry(): void {
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

  private async tryOnce(): Promise<void> {
    const tried = await sendWaiting(this.outbox, this.holder?.holder ?? "").catch(() => null);
    if (tried?.hello) await this.met(tried.hello);
    this.heard(tried?.contact ?? "offline");
    if (this.online && tried?.hello) await this.refreshPack(tried.stored > 0).catch(() => undefined);
    const { mine, troubled } = await this.outbox.count().catch(() => ({ mine: 0, troubled: 0 }));
    this.tries = this.online && mine === troubled ? 0 : this.tries + 1;
    const wait = this.tries ? Math.min(EVERY_MS, FIRST_RETRY_MS * 2 ** Math.min(this.tries - 1, 5)) : EVERY_MS;
    if (!document.hidden || mine) this.timer = window.setTimeout(() => this.tryNow(), wait);
  }

  /** The server said who we are. */
  private async met({ holder, able, days, demonstration }: Holder): Promise<void> {
    const met = { holder, able, days, demonstration };
    const another = this.holder?.holder !== holder;
    await keepNote("holder", met).catch(() => undefined);
    await keepNote("contact", Date.now()).catch(() => undefined);
    this.hold(met);
    if (another) {
      this.packAsked = -Infinity;
      this.again = true; // their items have not been tried yet
    }
  }

  private hold(holder: Holder): void {
    this.holder = holder;
    this.outbox.belongTo(holder.holder);
    this.pack.belongTo(holder.holder);
  }

  private async refreshPack(stored: boolean): Promise<void> {
    if (!stored && performance.now() - this.packAsked < PACK_EVERY_MS) return;
    this.packAsked = performance.now();
    const query = new URLSearchParams({ area: await this.pack.area(), have: await this.pack.marks() });
    await this.pack.take(await askOnce<Sent>(`/field/pack/?${query}`, AbortSignal.timeout(300_000)));
  }

  private heard(contact: Contact): void {
    this.contact = contact;
    this.tell("contact");
  }

  private outboxChanged(written: boolean): void {
    this.changed("outbox");
    if (written) this.tryNow();
  }

  private changed(what: "outbox" | "pack"): void {
    this.tabs?.postMessage(what satisfies Word);
    this.tell(what);
  }

  private heardTab(word: Word): void {
    if (word === "left") return this.show.left();
    if (word === "pack") this.pack.forgetRead();
    this.tell(word);
  }

  private tell(moment: Moment): void {
    for (const hear of this.hearing.get(moment) ?? []) hear();
  }
}
