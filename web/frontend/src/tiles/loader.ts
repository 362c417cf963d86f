// The page's side of the tile worker: asks once for each tile, keeps the last few hundred.
import type { Answer, Order } from "../worker.ts";
import type { Tile } from "./shapes.ts";

const KEPT = 320;

/** A tile that did not come. `status` is HTTP's, 0 when there was no answer, −1 when we no longer wanted it. */
export class TileTrouble extends Error {
  constructor(readonly status: number) {
    super(`tile: ${status}`);
  }
}

interface Waiting {
  promise: Promise<Tile | null>;
  resolve(tile: Tile | null): void;
  reject(trouble: TileTrouble): void;
  wanted: number;
}

export class TileLoader {
  private readonly worker: Worker;
  private readonly kept = new Map<string, Tile | null>();
  private readonly waiting = new Map<string, Waiting>();

  constructor(workerAddress: string) {
    this.worker = new Worker(workerAddress, { type: "module" });
    this.worker.onmessage = (event: MessageEvent<Answer>) => this.arrived(event.data);
  }

  get busy(): number {
    return this.waiting.size;
  }

  /** The tile when it is at hand: null for an empty one, undefined when it must be asked for. */
  at_hand(address: string): Tile | null | undefined {
    return this.kept.get(address);
  }

  /** The decoded tile, null when nothing is there. Rejects with TileTrouble. */
  get(address: string): Promise<Tile | null> {
    const known = this.kept.get(address);
    if (known !== undefined) return Promise.resolve(this.keep(address, known));
    const waiting = this.waiting.get(address) ?? this.order(address);
    waiting.wanted += 1;
    return waiting.promise;
  }

  /** One who asked no longer wants it; the request ends when nobody does. */
  drop(address: string): void {
    const waiting = this.waiting.get(address);
    if (!waiting || --waiting.wanted > 0) return;
    this.waiting.delete(address);
    this.worker.postMessage({ kind: "drop", address } satisfies Order);
    waiting.reject(new TileTrouble(-1));
  }

  private order(address: string): Waiting {
    const { promise, resolve, reject } = withResolvers<Tile | null>();
    const waiting = { promise, resolve, reject, wanted: 0 };
    this.waiting.set(address, waiting);
    this.worker.postMessage({ kind: "load", address } satisfies Order);
    return waiting;
  }

  private arrived(answer: Answer): void {
    if ("tile" in answer) this.keep(answer.address, answer.tile);
    const waiting = this.waiting.get(answer.address);
    if (!waiting || ("status" in answer && answer.status === -1)) return;
    this.waiting.delete(answer.address);
    if ("tile" in answer) waiting.resolve(answer.tile);
    else waiting.reject(new TileTrouble(answer.status));
  }

  private keep(address: string, tile: Tile | null): Tile | null {
    this.kept.delete(address); // so that the oldest stays first
    this.kept.set(address, tile);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value as string);
    return tile;
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: TileTrouble) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
