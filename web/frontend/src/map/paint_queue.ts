// Paints a little in each frame, so that no frame is long: the nearest and newest first.

const BUDGET_MS = 7;

interface Job {
  urgency: () => number;
  run: () => void;
}

export class PaintQueue<Key> {
  private readonly jobs = new Map<Key, Job>();
  private frame = 0;

  get busy(): boolean {
    return this.jobs.size > 0;
  }

  /** Run once, soon. A job under the same key that still waits is replaced. Low urgency goes first. */
  add(key: Key, urgency: () => number, run: () => void): void {
    this.jobs.set(key, { urgency, run });
    this.frame ||= requestAnimationFrame(() => this.work());
  }

  drop(key: Key): void {
    this.jobs.delete(key);
  }

  private work(): void {
    this.frame = 0;
    const started = performance.now();
    const waiting = [...this.jobs].sort((a, b) => a[1].urgency() - b[1].urgency());
    for (const [key, job] of waiting) {
      if (!this.jobs.delete(key)) continue;
      job.run();
      if (performance.now() - started > BUDGET_MS) break;
    }
    if (this.jobs.size) this.frame = requestAnimationFrame(() => this.work());
  }
}
