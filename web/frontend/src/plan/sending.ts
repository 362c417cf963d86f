// Steps on their way to the server, one after the other, each decided on the revision the one before has led to.
import { askJson, RequestTrouble, sendJson } from "../request.ts";
import type { Plan } from "./model.ts";
import type { Answer, PlanSettings, Trial, Wanted } from "./settings.ts";

/** What became of a step. `failed` carries the reason; `conflict` what others have done, taken over already. */
export type Outcome =
  | { kind: "done"; answer: Answer }
  | { kind: "conflict"; answer: Answer }
  | { kind: "failed"; trouble: RequestTrouble };

const CONFLICT = 409;

export class Sending {
  private queue: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private trial: AbortController | null = null;

  constructor(
    private readonly plan: Plan,
    private readonly urls: PlanSettings["urls"],
  ) {}

  get busy(): boolean {
    return this.waiting > 0;
  }

  step(wanted: Wanted): Promise<Outcome> {
    return this.enqueue(() => this.send(this.urls.steps, wanted));
  }

  again(which: "undo" | "redo"): Promise<Outcome> {
    return this.enqueue(() => this.send(this.urls[which], {}));
  }

  post(address: string, content: object): Promise<Outcome> {
    return this.enqueue(() => this.send(address, content));
  }

  /** What a step would change. Only the last one asked for is answered; null for the others. Throws RequestTrouble. */
  async try(wanted: Wanted): Promise<Trial | null> {
    this.trial?.abort();
    const own = (this.trial = new AbortController());
    try {
      return await sendJson<Trial>(this.urls.try, wanted, own.signal);
    } catch (error) {
      if ((error as Error).name === "AbortError") return null;
      throw error;
    }
  }

  dropTrial(): void {
    this.trial?.abort();
  }

  /** What others have done since; null when nothing. Throws RequestTrouble. */
  since(): Promise<Answer | null> {
    return this.enqueue(() => this.catchUp());
  }

  private async send(address: string, content: object): Promise<Outcome> {
    try {
      const answer = await sendJson<Answer>(address, { ...content, seen: this.plan.standing.revision });
      this.plan.take(answer, answer);
      return { kind: "done", answer };
    } catch (error) {
      if (!(error instanceof RequestTrouble)) throw error;
      return error.status === CONFLICT ? this.overtaken(error) : { kind: "failed", trouble: error };
    }
  }

  private async overtaken(trouble: RequestTrouble): Promise<Outcome> {
    try {
      const answer = await this.catchUp();
      return answer ? { kind: "conflict", answer } : { kind: "failed", trouble };
    } catch (error) {
      if (error instanceof RequestTrouble) return { kind: "failed", trouble: error };
      throw error;
    }
  }

  private async catchUp(): Promise<Answer | null> {
    const answer = await askJson<Answer>(`${this.urls.since}?revision=${this.plan.standing.revision}`);
    if (answer.revision === this.plan.standing.revision) return null;
    if (answer.reload) {
      location.reload(); // hundreds of steps behind: the drawing as it is now is sooner there than all of them
      return null;
    }
    this.plan.take(answer, answer);
    return answer;
  }

  private enqueue<T>(act: () => Promise<T>): Promise<T> {
    this.waiting++;
    const done = this.queue.then(act, act).finally(() => this.waiting--);
    this.queue = done.catch(() => undefined);
    return done;
  }
}
