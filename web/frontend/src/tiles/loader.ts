// The page's side of the tile worker: asks once for each tile, keeps those in use and the last ones that were.
import type { Answer, Order } from "../worker.ts";
import { bytesOf, type Tile } from "./shapes.ts";

/** Arrays of tiles that nobody shows any more; the worker keeps about as much again. */
const SPARE_BYTES = 16e6;

/** A tile that did not come. `status` is HTTP's, 0 when there was no answer, −1 when we no longer wanted it. */
export class TileTrouble extends Error {
  constructor(readonly status: number) {
    super(`tile: ${status}`);
  }
}

interface Waiting {
  job: number;
  promise: Promise<Tile | null>;
  resolve(tile: Tile | null): void;
  reject(trouble: TileTrouble): void;
}

interface Kept {
  tile: Tile | null;
  bytes: number;
}

export class TileLoader {
  private readonly kept = new Map<string, Kept>();
  private readonly waiting = new Map<string, Waiting>();
  /** How many hold each address; the rest of `kept` is spare. */
  private readonly holders = new Map<string, number>();
  private spare = 0;
  private jobs = 0;

  constructor(private readonly worker: Worker) {
    worker.addEventListener("message", (event: MessageEvent<Answer>) => {
      if ("address" in event.data) this.arrived(event.data);
    });
  }

  get busy(): number {
    return this.waiting.size;
  }

  /** The decoded tile, null when nothing is there; held until `release`. Rejects with TileTrouble. */
  get(address: string): Promise<Tile | null> {
    const kept = this.kept.get(address);
    const held = this.holders.get(address) ?? 0;
    this.holders.set(address, held + 1);
    if (kept && !held) this.spare -= kept.bytes;
    if (kept) return Promise.resolve(kept.tile);
    return (this.waiting.get(address) ?? this.order(address)).promise;
  }

  /** Ask again for a tile that is held: the one that is there stays until the answer, and if that is none. */
  renew(address: string): Promise<Tile | null> {
    return (this.waiting.get(address) ?? this.order(address)).promise;
  }

  /** Of what nobody shows nothing is known to be right any more. */
  dropSpare(): void {
    this.evict(0);
  }

  /** One who asked no longer needs it. A request ends when nobody does; a tile that came stays a while. */
  release(address: string): void {
    const held = (this.holders.get(address) ?? 0) - 1;
    if (held > 0) return void this.holders.set(address, held);
    this.holders.delete(address);
    const kept = this.kept.get(address);
    this.kept.delete(address); // so that the one longest out of use is first
    if (this.endRequest(address) || !kept) return;
    this.kept.set(address, kept);
    this.spare += kept.bytes;
    this.evict(SPARE_BYTES);
  }

  private endRequest(address: string): boolean {
    const waiting = this.waiting.get(address);
    if (!waiting) return false;
    this.waiting.delete(address);
    this.tell({ kind: "drop", address });
    waiting.reject(new TileTrouble(-1));
    return true;
  }

  private evict(most: number): void {
    for (const [address, { bytes }] of this.kept) {
      if (this.spare <= most) return;
      if (this.holders.has(address)) continue;
      this.kept.delete(address);
      this.spare -= bytes;
      this.tell({ kind: "drop", address });
    }
  }

  private order(address: string): Waiting {
    const { promise, resolve, reject } = withResolvers<Tile | null>();
    const waiting = { job: ++this.jobs, promise, resolve, reject };
    this.waiting.set(address, waiting);
    this.tell({ kind: "load", address, job: waiting.job });
    return waiting;
  }

  private arrived(answer: Extract<Answer, { address: string }>): void {
    const waiting = this.waiting.get(answer.address);
    if (waiting?.job !== answer.job) return; // of a request that was ended meanwhile
    this.waiting.delete(answer.address);
    if ("tile" in answer) {
      const { address, tile } = answer;
      this.kept.set(address, { tile, bytes: tile ? bytesOf(tile) : 0 });
      waiting.resolve(tile);
    } else {
      if (!this.kept.has(answer.address)) this.holders.delete(answer.address);
      waiting.reject(new TileTrouble(answer.status));
    }
  }

  private tell(order: Order): void {
    this.worker.postMessage(order);
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
