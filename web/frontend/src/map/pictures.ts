// The page's side of painting: what a square shows goes to the worker, its picture comes back.
import { figureLayer, shadesOf, type ColouredLook, type Parts, type SetName, type SheetFrame } from "../drawing/look.ts";
import type { Placed } from "../labels/place.ts";
import type { LabelSheet } from "../labels/sheet.ts";
import type { Answer, Order, PartOrder } from "../worker.ts";

export class Pictures {
  private readonly waiting = new Map<number, (picture: ImageBitmap | null) => void>();
  private jobs = 0;

  constructor(private readonly worker: Worker) {
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      if (!("picture" in data)) return;
      this.waiting.get(data.job)?.(data.picture);
      this.waiting.delete(data.job);
    });
  }

  /** A picture of the parts, each of which the worker knows by its address. */
  paint(parts: Parts, addresses: Map<SetName, string>, coloured: ColouredLook, frame: SheetFrame): Promise<ImageBitmap | null> {
    const { shadeOf, ...look } = coloured;
    const [carrier, layer] = figureLayer(look) ?? [];
    const orders: Partial<Record<SetName, PartOrder>> = {};
    for (const [set, address] of addresses) {
      const part = parts[set];
      const ids = set === carrier && layer ? part?.tile[layer]?.ids : undefined;
      if (part) orders[set] = { address, source: part.source, shades: ids && shadesOf(ids, shadeOf) };
    }
    return this.made((job) => ({ kind: "paint", job, look, frame, parts: orders }), buffersOf(orders));
  }

  write(labels: Placed[], sheet: LabelSheet): Promise<ImageBitmap | null> {
    return this.made((job) => ({ kind: "write", job, labels, sheet }));
  }

  private made(order: (job: number) => Order, given: Transferable[] = []): Promise<ImageBitmap | null> {
    const job = ++this.jobs;
    return new Promise((resolve) => {
      this.waiting.set(job, resolve);
      this.worker.postMessage(order(job), given);
    });
  }
}

function buffersOf(orders: Partial<Record<SetName, PartOrder>>): Transferable[] {
  return Object.values(orders).flatMap(({ shades }) => (shades ? [shades.of.buffer] : []));
}
