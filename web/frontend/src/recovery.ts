// Trying again by itself what did not come: later and later, never while nobody looks, at once when the network or the
// reader is back.

const PAUSES_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

/** Milliseconds to wait after a number of failures: a little different each time, so that not all browsers ask at once. */
export function pauseAfter(failures: number, random: number): number {
  return PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] * (0.7 + 0.6 * random);
}

export class Recovery {
  private failures = 0;
  private wanted = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry: () => void = () => {};

  constructor() {
    window.addEventListener("online", () => this.atOnce());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.wait() : this.atOnce()));
  }

  /**
   * It failed, for the first time or again; said many times before the next try it counts once. What does not pass with
   * time is tried only when the reader comes back: they may have signed in elsewhere.
   */
  failed(retry: () => void, passes: boolean): void {
    this.wanted = true;
    this.retry = retry;
    if (passes && !document.hidden)
      this.timer ??= setTimeout(() => this.try(), pauseAfter(this.failures++, Math.random()));
  }

  /** It came, or nobody wants it any more. */
  done(): void {
    this.wanted = false;
    this.failures = 0;
    this.wait();
  }

  private atOnce(): void {
    if (!this.wanted) return;
    this.failures = 0;
    this.try();
  }

  private try(): void {
    this.wait();
    this.retry();
  }

  /** No try of ours until it fails again or somebody is back. */
  private wait(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
