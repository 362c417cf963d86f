// Has squares painted one after the other, the nearest and newest first. The worker paints; it is never given more than
// it needs to be busy, so that what one looks at now does not wait behind what one has left.

const UNDER_WAY = 3;

interface Job {
  urgency: () => number;
  run: () => Promise<void>;
}

export class PaintQueue<Key> {
  private readonly jobs = new Map<Key, Job>();
  private running = 0;

  get busy(): boolean {
    return this.jobs.size > 0 || this.running > 0;
  }

  /** Run once, soon. A job under the same key that still waits is replaced. Low urgency goes first. */
  add(key: Key, urgency: () => number, run: () => Promise<void>): void {
    this.jobs.set(key, { urgency, run });
    this.work(); // at once: the worker paints while the page goes on with the rest of what has changed
  }

  drop(key: Key): void {
    this.jobs.delete(key);
  }

  private work(): void {
    while (this.running < UNDER_WAY && this.jobs.size) void this.start();
  }

  private async start(): Promise<void> {
    const [key, job] = [...this.jobs].reduce((best, one) => (one[1].urgency() < best[1].urgency() ? one : best));
    this.jobs.delete(key);
    this.running += 1;
    try {
      await job.run();
    } finally {
      this.running -= 1;
      this.work();
    }
  }
}
