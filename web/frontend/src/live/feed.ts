// Listens to the live feed, and comes back by itself: after a cut, a restart, a night's sleep, a new sign-in.
//
//   const feed = openFeed(settings.live);
//   feed.onNews((news) => …);        // what was committed in scope, each exactly once
//   feed.onState((state) => …);      // live, or why not and since when
//
// The position of the last event is where the next connection catches up. Nothing is asked for at intervals: the timers
// here notice silence (the feed gives a sign of life every 15 s) and try again after a failure.
import { pauseAfter } from "../recovery.ts";
import { EVERYTHING, readNews, type News } from "./news.ts";

export interface LiveSettings {
  /** `/live/`, a whole address, or `:9000/live/` for another port of this host. */
  address: string;
  /** Position of the page's data: what was committed since is told first. */
  after: string;
}

export type Ended = "signed-out" | "no-posting" | "password" | "second-factor";

/** How the connection is; `since` in milliseconds of the epoch. */
export type LiveState =
  | { kind: "connecting"; since: number }
  | { kind: "live"; since: number }
  /** No connection: trying again. */
  | { kind: "waiting"; since: number }
  /** The feed answers, the database does not. */
  | { kind: "database"; since: number }
  /** The page is out of sight: closed until it is looked at. */
  | { kind: "asleep"; since: number }
  /** The feed will not tell: `why` says what the reader must do. */
  | { kind: "ended"; since: number; why: Ended };

export interface LiveFeed {
  readonly state: LiveState;
  onState(hear: (state: LiveState) => void): void;
  onNews(hear: (news: News) => void): void;
  /** Try now, whatever the pause. */
  retry(): void;
}

const SILENCE_MS = 40_000;
const LOOK_MS = 5_000;
/** A page out of sight gives its connection up (a browser has six to one address) and catches up when it is looked at. */
const ASLEEP_AFTER_MS = 30_000;
const ENDED_PAUSE_MS = 60_000;

export function openFeed(settings: LiveSettings): LiveFeed {
  return new Feed(settings);
}

/** The whole address of the feed, catching up from a position. */
export function addressOf(address: string, after: string, { protocol, hostname }: Pick<Location, "protocol" | "hostname">): string {
  const whole = address.startsWith(":") ? `${protocol}//${hostname}${address}` : address;
  return after ? `${whole}?after=${encodeURIComponent(after)}` : whole;
}

class Feed implements LiveFeed {
  state: LiveState = { kind: "connecting", since: Date.now() };
  private readonly hearers: { news: ((news: News) => void)[]; state: ((state: LiveState) => void)[] } = { news: [], state: [] };
  private source: EventSource | null = null;
  private after: string;
  private heardAt = Date.now();
  private failures = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private sleep: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly settings: LiveSettings) {
    this.after = settings.after;
    this.open();
    setInterval(() => this.look(), LOOK_MS);
    for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, () => this.look(true));
    window.addEventListener("offline", () => this.reopen());
    document.addEventListener("visibilitychange", () => this.seenOrNot());
  }

  onNews(hear: (news: News) => void): void {
    this.hearers.news.push(hear);
  }

  onState(hear: (state: LiveState) => void): void {
    this.hearers.state.push(hear);
    hear(this.state);
  }

  retry(): void {
    this.failures = 0;
    this.reopen();
  }

  // ── the connection ──

  private open(): void {
    clearTimeout(this.again);
    this.heardAt = Date.now();
    const source = new EventSource(addressOf(this.settings.address, this.after, location), { withCredentials: true });
    this.source = source;
    this.hear("start", () => this.found());
    this.hear("beat", () => this.found());
    this.hear("news", ({ data }) => this.tell(readNews(data)));
    this.hear("anew", () => this.tell(EVERYTHING));
    this.hear("away", ({ data }) => this.become({ kind: "database", since: (JSON.parse(data) as { since: number }).since }));
    this.hear("closed", ({ data }) => this.end((JSON.parse(data) as { why: Ended }).why));
    source.onerror = () => source === this.source && this.fail();
  }

  private hear(name: string, act: (event: MessageEvent<string>) => void): void {
    const source = this.source;
    source?.addEventListener(name, (event: MessageEvent<string>) => {
      if (source !== this.source) return;
      this.heardAt = Date.now();
      if (event.lastEventId) this.after = event.lastEventId;
      act(event);
    });
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    clearTimeout(this.again);
  }

  private reopen(): void {
    this.close();
    this.open();
  }

  private fail(): void {
    this.close();
    this.become({ kind: "waiting", since: this.state.kind === "live" ? this.heardAt : Date.now() });
    this.again = setTimeout(() => this.open(), pauseAfter(this.failures++, Math.random()));
  }

  private end(why: Ended): void {
    this.close();
    this.become({ kind: "ended", since: Date.now(), why });
    this.again = setTimeout(() => this.open(), ENDED_PAUSE_MS);
  }

  // ── the clock and the page ──

  /** Silence longer than the signs of life allow means a dead line, whatever the browser thinks of it. */
  private look(wakened = false): void {
    if (this.state.kind === "asleep") return;
    if (this.source ? Date.now() - this.heardAt > SILENCE_MS : wakened) {
      if (this.state.kind === "live") this.become({ kind: "waiting", since: this.heardAt });
      this.retry();
    }
  }

  private seenOrNot(): void {
    clearTimeout(this.sleep);
    if (document.hidden) {
      this.sleep = setTimeout(() => this.fallAsleep(), ASLEEP_AFTER_MS);
    } else if (this.state.kind === "asleep") {
      this.become({ kind: "connecting", since: Date.now() });
      this.retry();
    } else this.look(true);
  }

  private fallAsleep(): void {
    this.close();
    this.become({ kind: "asleep", since: Date.now() });
  }

  // ── telling ──

  private found(): void {
    this.failures = 0;
    this.become({ kind: "live", since: Date.now() });
  }

  private tell(news: News): void {
    for (const hear of this.hearers.news) hear(news);
  }

  private become(state: LiveState): void {
    if (state.kind === this.state.kind && state.kind !== "ended") return; // since its beginning
    this.state = state;
    for (const hear of this.hearers.state) hear(state);
  }
}
