// The contract between the field page and its views: what a view is, and what the page gives it.
import type { Holder } from "./contact.ts";
import type { Outbox } from "./outbox.ts";
import type { Pack } from "./pack.ts";

/** One screen of the field page, opened by its hash: `#building/12?door=7` is `building`, ["12"] and `door=7`. */
export interface View {
  readonly name: string;
  readonly title: string;
  /** Path data of a 24 × 24 line icon. */
  readonly icon: string;
  /** Fill `root`, which is empty; what is returned is called when the view is left. */
  show(root: HTMLElement, params: string[], app: App, query: URLSearchParams): void | (() => void);
}

/** How a view is registered: its code comes when it is first opened, or by itself once the page is idle. */
export interface Entry {
  readonly name: string;
  readonly title: string;
  readonly icon: string;
  /** In the bar at the bottom; other views are reached from one of those, whose button they keep lit. */
  readonly tab: boolean;
  readonly under?: string;
  /** Whether this reader may use it; left out: everyone. */
  readonly may?: (holder: Holder) => boolean;
  load(): Promise<{ view: View }>;
}

export type Moment = "contact" | "pack" | "progress" | "outbox";

/** What the page gives every view. */
export interface App {
  readonly pack: Pack;
  readonly outbox: Outbox;
  /** Whether the server answered when last asked; not what the phone believes of its network. */
  readonly online: boolean;
  /** Whose page it is; null before anybody signed in on this phone. */
  readonly holder: Holder | null;
  go(hash: string): void;
  /** Send what waits now rather than at the next try. */
  retry(): void;
  /** Ask for a fresh pack now. `progress`: the share of it that has come, null while none is coming. */
  refresh(): void;
  readonly progress: number | null;
  /** Take another area along. */
  chooseArea(code: string): Promise<void>;
  /** Wipe everything of this person from the phone and end the session. */
  leave(): Promise<void>;
  /** One sentence at the foot of the page, read out by a screen reader. */
  say(message: string): void;
  /** Hear of a change until the view is left; returns how to stop earlier. */
  on(moment: Moment, hear: () => void): () => void;
  /** JSON of the server; throws RequestTrouble, also when there is no network. */
  ask<T>(address: string, signal?: AbortSignal): Promise<T>;
}
