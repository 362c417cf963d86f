// The tiles of a plan: outlines in metres of the drawing CRS from an origin, and what each carries. Rows are places in
// these arrays; ids are what the server calls tiles.
import type { Packed } from "../figures/packed.ts";
import type { Come, Delta } from "./settings.ts";
import { Spots, type Box } from "./spots.ts";
import { across } from "./topology.ts";

export interface GroundHead {
  revision: number;
  origin: [number, number];
  communities: string[];
}

interface Columns {
  ids: Uint32Array;
  cell: Uint32Array;
  compound: Uint32Array;
  community: Uint32Array;
  households: Float32Array;
}

export class Ground {
  /** Rings of row r are those from `ringsOf[r]` to `ringsOf[r + 1]`. */
  readonly ringsOf: Uint32Array;
  readonly boxes: Float32Array;
  /** A point inside each tile, x and y. */
  readonly middles: Float32Array;
  /** Square metres (of the drawing CRS). */
  readonly areas: Float32Array;
  /** The side of a square as large as tiles are on average, metres. */
  readonly side: number;
  /** The tile across the piece of border that begins at each point, −1 outside. */
  readonly across: Int32Array;
  readonly spots: Spots;
  private readonly rows = new Map<number, number>();

  constructor(
    readonly origin: [number, number],
    readonly communities: string[],
    readonly columns: Columns,
    readonly xy: Float32Array,
    readonly ringStart: Uint32Array,
    readonly ringTile: Uint32Array,
    /** What parts two tiles, by `pairKey` of their ids. */
    readonly between: Map<number, number>,
  ) {
    const count = columns.ids.length;
    this.ringsOf = new Uint32Array(count + 1);
    for (const row of ringTile) this.ringsOf[row + 1]++;
    for (let k = 1; k <= count; k++) this.ringsOf[k] += this.ringsOf[k - 1];
    this.boxes = new Float32Array(4 * count);
    this.middles = new Float32Array(2 * count);
    this.areas = new Float32Array(count);
    this.survey();
    this.side = Math.sqrt(this.areas.reduce((sum, one) => sum + one, 0) / Math.max(1, count));
    this.across = across({ xy, start: ringStart, tile: ringTile });
    this.spots = new Spots(this.boxes, this.wholeBox());
    columns.ids.forEach((id, row) => this.rows.set(id, row));
  }

  static of({ head, arrays }: Packed<GroundHead>): Ground {
    const between = new Map<number, number>();
    const [ids, first, second] = [arrays.ids, arrays.first, arrays.second];
    arrays.between.forEach((what, k) => what && between.set(pairKey(ids[first[k]], ids[second[k]]), what));
    const columns = {
      ids: arrays.ids as Uint32Array,
      cell: arrays.cell as Uint32Array,
      compound: arrays.compound as Uint32Array,
      community: arrays.community as Uint32Array,
      households: arrays.households as Float32Array,
    };
    const [xy, start, tile] = [arrays.xy as Float32Array, arrays.ring_start as Uint32Array, arrays.ring_tile as Uint32Array];
    return new Ground(head.origin, head.communities, columns, xy, start, tile, between);
  }

  get count(): number {
    return this.columns.ids.length;
  }

  get cell(): Uint32Array {
    return this.columns.cell;
  }

  rowOf(id: number): number {
    return this.rows.get(id) ?? -1;
  }

  rowsOf(ids: Iterable<number>): number[] {
    return [...ids].map((id) => this.rowOf(id)).filter((row) => row >= 0);
  }

  idsOf(rows: Iterable<number>): number[] {
    return [...rows].map((row) => this.columns.ids[row]);
  }

  communityOf(row: number): string {
    return this.communities[this.columns.community[row]];
  }

  /** Tiles that share a piece of border with a tile. */
  neighbours(row: number): number[] {
    const found = new Set<number>();
    for (let k = this.firstPoint(row); k < this.endPoint(row); k++) if (this.across[k] >= 0) found.add(this.across[k]);
    return [...found];
  }

  /** What lies between two tiles: 0 nothing, 1 a minor barrier, 2 a major one. */
  parts(row: number, other: number): number {
    return this.between.get(pairKey(this.columns.ids[row], this.columns.ids[other])) ?? 0;
  }

  firstPoint(row: number): number {
    return this.ringStart[this.ringsOf[row]];
  }

  endPoint(row: number): number {
    return this.ringStart[this.ringsOf[row + 1]];
  }

  /** Whether a point is in a tile: inside an odd number of its rings. */
  holds(row: number, x: number, y: number): boolean {
    let inside = false;
    for (let ring = this.ringsOf[row]; ring < this.ringsOf[row + 1]; ring++)
      for (let k = this.ringStart[ring]; k < this.ringStart[ring + 1] - 1; k++) {
        const [ax, ay, bx, by] = [this.xy[2 * k], this.xy[2 * k + 1], this.xy[2 * k + 2], this.xy[2 * k + 3]];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
    return inside;
  }

  /** The tile at a point, −1 where none is. */
  at(x: number, y: number): number {
    return this.spots.within([x, y, x, y]).find((row) => this.holds(row, x, y)) ?? -1;
  }

  boxOf(rows: Iterable<number>): Box | null {
    const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const row of rows) {
      box[0] = Math.min(box[0], this.boxes[4 * row]);
      box[1] = Math.min(box[1], this.boxes[4 * row + 1]);
      box[2] = Math.max(box[2], this.boxes[4 * row + 2]);
      box[3] = Math.max(box[3], this.boxes[4 * row + 3]);
    }
    return box[0] <= box[2] ? box : null;
  }

  rowsIn(number: number): number[] {
    const rows: number[] = [];
    this.cell.forEach((one, row) => one === number && rows.push(row));
    return rows;
  }

  /** Take over the households of some tiles, as a new column: what was reckoned from the one before is out of date. */
  countHomes(counts: Delta["households"]): void {
    const households = this.columns.households.slice();
    for (const [id, count] of counts) if (this.rows.has(id)) households[this.rowOf(id)] = count;
    this.columns.households = households;
  }

  /** The ground after tiles have gone and come. */
  recut({ gone, come, between }: Delta): Ground {
    const leaves = new Set(gone);
    const stay = [...this.columns.ids.keys()].filter((row) => !leaves.has(this.columns.ids[row]));
    const communities = [...this.communities];
    for (const { community } of come) if (!communities.includes(community)) communities.push(community);
    const rings = [...stay.flatMap((row, k) => this.ringsIn(row).map((xy) => ({ xy, k }))), ...this.ringsCome(come, stay.length)];
    const start = new Uint32Array(rings.length + 1);
    rings.forEach(({ xy }, k) => (start[k + 1] = start[k] + xy.length / 2));
    const xy = new Float32Array(2 * start[rings.length]);
    rings.forEach((ring, k) => xy.set(ring.xy, 2 * start[k]));
    const tile = Uint32Array.from(rings, ({ k }) => k);
    return new Ground(this.origin, communities, this.joined(stay, come, communities), xy, start, tile, this.parted(leaves, between));
  }

  private ringsIn(row: number): Float32Array[] {
    const rings: Float32Array[] = [];
    for (let ring = this.ringsOf[row]; ring < this.ringsOf[row + 1]; ring++)
      rings.push(this.xy.subarray(2 * this.ringStart[ring], 2 * this.ringStart[ring + 1]));
    return rings;
  }

  private ringsCome(come: Come[], from: number): { xy: Float32Array; k: number }[] {
    const near = (value: number, k: number) => Math.round((value - this.origin[k]) * 100) / 100; // as the server packs
    return come.flatMap(({ rings }, k) =>
      rings.map((ring) => ({ xy: Float32Array.from(ring.flatMap(([x, y]) => [near(x, 0), near(y, 1)])), k: from + k })),
    );
  }

  private joined(stay: number[], come: Come[], communities: string[]): Columns {
    const { ids, cell, compound, community, households } = this.columns;
    const whole = (old: Uint32Array, fresh: number[]) => Uint32Array.from([...stay.map((row) => old[row]), ...fresh]);
    const broken = (old: Float32Array, fresh: number[]) => Float32Array.from([...stay.map((row) => old[row]), ...fresh]);
    return {
      ids: whole(ids, come.map((one) => one.id)),
      cell: whole(cell, come.map((one) => one.cell)),
      compound: whole(compound, come.map((one) => one.compound)),
      community: whole(community, come.map((one) => communities.indexOf(one.community))),
      households: broken(households, come.map((one) => one.households)),
    };
  }

  private parted(leaves: Set<number>, fresh: Delta["between"]): Map<number, number> {
    const between = new Map([...this.between].filter(([key]) => !pairOf(key).some((id) => leaves.has(id))));
    for (const [first, second, what] of fresh) between.set(pairKey(first, second), what);
    return between;
  }

  // ── what is known of outlines ──

  private survey(): void {
    for (let row = 0; row < this.count; row++) {
      const box = this.boxes.subarray(4 * row, 4 * row + 4);
      box.set([Infinity, Infinity, -Infinity, -Infinity]);
      let [area, x, y] = [0, 0, 0];
      const [ox, oy] = [this.xy[2 * this.firstPoint(row)], this.xy[2 * this.firstPoint(row) + 1]];
      for (let ring = this.ringsOf[row]; ring < this.ringsOf[row + 1]; ring++)
        for (let k = this.ringStart[ring]; k < this.ringStart[ring + 1] - 1; k++) {
          const [px, py] = [this.xy[2 * k], this.xy[2 * k + 1]];
          box[0] = Math.min(box[0], px);
          box[1] = Math.min(box[1], py);
          box[2] = Math.max(box[2], px);
          box[3] = Math.max(box[3], py);
          const [ax, ay, bx, by] = [px - ox, py - oy, this.xy[2 * k + 2] - ox, this.xy[2 * k + 3] - oy];
          const turn = ax * by - bx * ay;
          area += turn;
          x += (ax + bx) * turn;
          y += (ay + by) * turn;
        }
      this.areas[row] = Math.abs(area) / 2;
      const middle = area ? [x / (3 * area) + ox, y / (3 * area) + oy] : [ox, oy];
      this.middles.set(this.holds(row, middle[0], middle[1]) ? middle : this.inside(row, middle[1]), 2 * row);
    }
  }

  /** The middle of the longest stretch that a tile has at a height, or at the middle of its own where it has none there. */
  private inside(row: number, y: number): [number, number] {
    const box = this.boxes.subarray(4 * row, 4 * row + 4);
    for (const height of [y, (box[1] + box[3]) / 2, box[1] * 0.7 + box[3] * 0.3]) {
      const xs: number[] = [];
      for (let ring = this.ringsOf[row]; ring < this.ringsOf[row + 1]; ring++)
        for (let k = this.ringStart[ring]; k < this.ringStart[ring + 1] - 1; k++) {
          const [ax, ay, bx, by] = [this.xy[2 * k], this.xy[2 * k + 1], this.xy[2 * k + 2], this.xy[2 * k + 3]];
          if (ay > height !== by > height) xs.push(((bx - ax) * (height - ay)) / (by - ay) + ax);
        }
      xs.sort((a, b) => a - b);
      let best = -1;
      for (let k = 0; k + 1 < xs.length; k += 2) if (best < 0 || xs[k + 1] - xs[k] > xs[best + 1] - xs[best]) best = k;
      if (best >= 0) return [(xs[best] + xs[best + 1]) / 2, height];
    }
    return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  }

  private wholeBox(): Box {
    return this.boxOf(this.columns.ids.keys()) ?? [0, 0, 1, 1];
  }
}

const _MOST_IDS = 2 ** 26;

/** One number for a pair of ids, whichever comes first. */
export function pairKey(one: number, other: number): number {
  return one < other ? one * _MOST_IDS + other : other * _MOST_IDS + one;
}

function pairOf(key: number): [number, number] {
  return [Math.floor(key / _MOST_IDS), key % _MOST_IDS];
}
