import assert from "node:assert/strict";
import { test } from "node:test";
import { TileLoader, TileTrouble } from "../src/tiles/loader.ts";
import type { Tile } from "../src/tiles/shapes.ts";
import type { Answer, Order } from "../src/worker.ts";

/** The other end of the line, answered by hand. */
class Line extends EventTarget {
  readonly orders: Order[] = [];

  postMessage(order: Order): void {
    this.orders.push(order);
  }

  say(answer: Answer): void {
    this.dispatchEvent(new MessageEvent("message", { data: answer }));
  }

  loads(address: string): number[] {
    return this.orders.flatMap((order) => (order.kind === "load" && order.address === address ? [order.job] : []));
  }

  dropped(): string[] {
    return this.orders.flatMap((order) => (order.kind === "drop" ? [order.address] : []));
  }
}

function loaderOn(line: Line): TileLoader {
  return new TileLoader(line as unknown as Worker);
}

function tileOf(megabytes: number): Tile {
  const empty = new Uint32Array(0);
  return {
    cell: {
      count: 0,
      ids: new Float64Array(megabytes * 125_000),
      types: new Uint8Array(0),
      boxes: new Int32Array(0),
      firstRing: empty,
      ringEnds: empty,
      xy: new Int32Array(0),
      columns: {},
    },
  };
}

async function loaded(line: Line, loader: TileLoader, address: string, megabytes: number): Promise<void> {
  const wanted = loader.get(address);
  line.say({ job: line.loads(address).at(-1) ?? 0, address, tile: tileOf(megabytes) });
  await wanted;
}

test("it asks once for what several want", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  const both = [loader.get("a"), loader.get("a")];
  line.say({ job: 1, address: "a", tile: null });
  assert.deepEqual(await Promise.all(both), [null, null]);
  assert.equal(line.orders.length, 1);
});

test("it ends a request only when nobody wants it any more", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  const both = [loader.get("a"), loader.get("a")];
  loader.release("a");
  assert.deepEqual(line.dropped(), []);
  loader.release("a");
  assert.deepEqual(line.dropped(), ["a"]);
  for (const one of both) await assert.rejects(one, (trouble: TileTrouble) => trouble.status === -1);
});

test("it takes no answer of a request that was ended for that of the next", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  loader.get("a").catch(() => {});
  loader.release("a");
  const again = loader.get("a");
  line.say({ job: 1, address: "a", status: -1 });
  line.say({ job: 2, address: "a", tile: null });
  assert.equal(await again, null);
});

test("it asks again for what failed", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  const failing = loader.get("a");
  line.say({ job: 1, address: "a", status: 503 });
  await assert.rejects(failing, (trouble: TileTrouble) => trouble.status === 503);
  await loaded(line, loader, "a", 1);
  assert.equal(line.loads("a").length, 2);
});

test("it keeps what is in use whatever its size, and of the rest the last used", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  for (const address of ["old", "new", "used"]) await loaded(line, loader, address, 9);
  loader.release("old");
  assert.deepEqual(line.dropped(), []);
  loader.release("new");
  assert.deepEqual(line.dropped(), ["old"]);
  await loader.get("new");
  await loader.get("used");
  assert.equal(line.loads("new").length, 1);
  assert.equal(line.loads("used").length, 1);
});

test("it renews what is in use, keeping the old when the new does not come", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  await loaded(line, loader, "a", 1);
  const failing = loader.renew("a");
  line.say({ job: 2, address: "a", status: 503 });
  await assert.rejects(failing);
  assert.notEqual(await loader.get("a"), null);
  const renewed = loader.renew("a");
  line.say({ job: 3, address: "a", tile: null });
  assert.equal(await renewed, null);
  assert.deepEqual(line.dropped(), []);
});

test("it forgets what nobody shows when it may have changed", async () => {
  const line = new Line();
  const loader = loaderOn(line);
  for (const address of ["spare", "used"]) await loaded(line, loader, address, 1);
  loader.release("spare");
  loader.dropSpare();
  assert.deepEqual(line.dropped(), ["spare"]);
});
