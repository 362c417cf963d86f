// The plan as this page knows it: tiles, cells, their figures and colours. It changes by answers of the server, and at
// once by what is painted here.
import { colour, type Neighbours } from "./colouring.ts";
import type { Ground } from "./ground.ts";
import type { Cell, Delta, Row, Standing, State } from "./settings.ts";
import type { Box } from "./spots.ts";

/** What a change touched: a box of ground (all of it: "all"), and the cells whose figures or names are other. */
export interface Changed {
  box: Box | "all" | null;
  cells: Set<number>;
  listed: boolean; // cells came or went
  /** Whether the map looks other: an answer that only brings the figures of what was painted here changes nothing on it. */
  drawn: boolean;
}

export class Plan {
  cells = new Map<number, Cell>();
  figures = new Map<number, Row>();
  colours = new Map<number, number>();
  /** A point in each cell where its label goes, metres. */
  readonly labels = new Map<number, [number, number]>();
  standing: Standing;
  /** The cells that each cell borders on. */
  adjacent: Neighbours = new Map();
  private readonly hearers: ((changed: Changed) => void)[] = [];

  constructor(
    public ground: Ground,
    { cells, figures, ...standing }: State,
    /** What its cells are: "cells", "communities" or "streets". */
    readonly kind = "cells",
  ) {
    this.standing = standing;
    for (const cell of Object.values(cells)) this.cells.set(cell.number, cell);
    for (const row of figures) this.figures.set(row.number, row);
    this.adjacent = this.neighbours();
    this.recolour();
    this.relabel(null);
  }

  on(hear: (changed: Changed) => void): void {
    this.hearers.push(hear);
  }

  name(number: number): string {
    return this.cells.get(number)?.name ?? "";
  }

  /** Whether cells of more than one community are drawn: then a name needs that of its community. */
  private get several(): boolean {
    let first = "";
    for (const { community } of this.cells.values()) {
      if (first && community && community !== first) return true;
      first ||= community;
    }
    return false;
  }

  /**
   * The name without that of the community, with which all its cells' names begin; where several communities are drawn
   * with it, but without its kind and without the word for a cell. Of a community itself the name without its kind.
   */
  shortName(number: number): string {
    const name = this.name(number);
    const community = /^(.+?)(?:社区|村)?(?:居民委员会|村民委员会|居委会|村委会)$/.exec(name);
    if (community) return community[1];
    const parts = /^(.+)(?:社区|村)(.+)$/.exec(name);
    if (!parts) return name;
    return this.several ? `${parts[1]} ${parts[2].replace(/(.)网格$/, "$1")}` : parts[2];
  }

  /** Put tiles (rows) into cells; what they were in before. */
  paint(rows: number[], numbers: number[]): number[] {
    const before = rows.map((row) => this.ground.cell[row]);
    rows.forEach((row, k) => (this.ground.cell[row] = numbers[k]));
    this.tell(rows, new Set([...before, ...numbers]), false, true);
    return before;
  }

  /** Take over what an answer says has changed. */
  take(delta: Delta, standing?: Standing): void {
    const cells = new Set<number>(delta.figures.map((row) => row.number));
    const known = this.cells.size;
    let listed = false;
    for (const [key, cell] of Object.entries(delta.cells)) {
      cells.add(Number(key));
      if (cell) this.cells.set(cell.number, cell);
      else listed = this.cells.delete(Number(key)) || listed;
    }
    for (const row of delta.figures) this.figures.set(row.number, row);
    for (const number of this.figures.keys()) if (number && !this.cells.has(number)) this.figures.delete(number);
    if (standing) this.standing = standingOf(standing);
    if (delta.gone.length || delta.come.length) this.ground = this.ground.recut(delta);
    const rehomed = delta.households.length > 0;
    if (rehomed) this.ground.countHomes(delta.households);
    const all = this.ground.rowsOf(delta.tiles);
    const numbers = new Map(delta.tiles.map((id, k) => [id, delta.cell[k]]));
    const rows = all.filter((row) => this.ground.cell[row] !== numbers.get(this.ground.columns.ids[row]));
    for (const row of rows) {
      cells.add(this.ground.cell[row]); // what was painted here ahead of the answer may not be what the server had
      this.ground.cell[row] = numbers.get(this.ground.columns.ids[row]) ?? 0;
    }
    const come = this.ground.rowsOf(delta.come.map((one) => one.id));
    listed ||= this.cells.size !== known;
    const recut = delta.gone.length > 0 || come.length > 0;
    const drawn = rows.length > 0 || recut || rehomed || Object.keys(delta.cells).length > 0;
    this.tell([...rows, ...come], cells, listed, drawn, recut, recut || rehomed);
  }

  private tell(rows: number[], cells: Set<number>, listed: boolean, drawn: boolean, recut = false, all = false): void {
    if (recut) this.adjacent = this.neighbours();
    else if (rows.length || listed) this.meet(cells);
    const recoloured = rows.length || listed ? this.recolour() : [];
    if (drawn) this.relabel(cells);
    const box = this.ground.boxOf([...rows, ...recoloured.flatMap((number) => this.ground.rowsIn(number))]);
    for (const hear of this.hearers) hear({ box: all ? "all" : box, cells, listed, drawn });
  }

  /** The cells that have another colour than before. */
  private recolour(): number[] {
    const before = this.colours;
    this.colours = colour(this.adjacent, before);
    return [...this.colours].filter(([number, one]) => before.has(number) && before.get(number) !== one).map(([number]) => number);
  }

  neighbours(): Neighbours {
    const found: Neighbours = new Map([...this.cells.keys()].map((number) => [number, new Set<number>()]));
    this.eachMeeting(null, (one, other) => {
      found.get(one)?.add(other);
      found.get(other)?.add(one);
    });
    return found;
  }

  /** Look up anew which cells some cells border on; the rest border on what they did. */
  private meet(cells: Set<number>): void {
    const now = new Map([...cells].filter((one) => this.cells.has(one)).map((one) => [one, new Set<number>()]));
    this.eachMeeting(this.mask(cells), (one, other) => now.get(one)?.add(other));
    for (const one of cells) {
      for (const other of this.adjacent.get(one) ?? []) this.adjacent.get(other)?.delete(one);
      this.adjacent.delete(one);
    }
    for (const [one, others] of now) {
      this.adjacent.set(one, others);
      for (const other of others) if (!now.has(other)) this.adjacent.get(other)?.add(one);
    }
  }

  /** Every piece of border between two cells, from both sides; of cells of a mask alone where one is given. */
  private eachMeeting(mask: Uint8Array | null, hear: (one: number, other: number) => void): void {
    const { cell, across, count } = this.ground;
    for (let row = 0; row < count; row++) {
      const own = cell[row];
      if (!own || (mask && !mask[own])) continue;
      const end = this.ground.endPoint(row);
      for (let k = this.ground.firstPoint(row); k < end; k++) {
        const other = across[k] < 0 ? own : cell[across[k]];
        if (other !== own && other) hear(own, other);
      }
    }
  }

  /** By number of a cell, whether it is one of some. */
  private mask(cells: Iterable<number>): Uint8Array {
    let most = 0;
    for (const number of this.ground.cell) if (number > most) most = number;
    const mask = new Uint8Array(most + 1);
    for (const number of cells) if (number <= most) mask[number] = 1;
    return mask;
  }

  /** Where labels go: in the tile nearest to the middle of the cell. */
  private relabel(cells: Set<number> | null): void {
    const { cell, areas, middles, count } = this.ground;
    const mask = cells && this.mask(cells);
    const rows: number[] = [];
    for (let row = 0; row < count; row++) if (cell[row] && (!mask || mask[cell[row]])) rows.push(row);
    const sums = new Map<number, [x: number, y: number, area: number]>();
    for (const row of rows) {
      const sum = sums.get(cell[row]) ?? [0, 0, 0];
      sums.set(cell[row], [sum[0] + middles[2 * row] * areas[row], sum[1] + middles[2 * row + 1] * areas[row], sum[2] + areas[row]]);
    }
    const nearest = new Map<number, number>();
    for (const row of rows) {
      const sum = sums.get(cell[row]) as [number, number, number];
      const away = Math.hypot(middles[2 * row] - sum[0] / sum[2], middles[2 * row + 1] - sum[1] / sum[2]);
      if (away >= (nearest.get(cell[row]) ?? Infinity)) continue;
      nearest.set(cell[row], away);
      this.labels.set(cell[row], [middles[2 * row], middles[2 * row + 1]]);
    }
    for (const number of cells ?? []) if (!sums.has(number)) this.labels.delete(number);
  }
}

function standingOf({ revision, state, target, tolerance, weights, undo, redo }: Standing): Standing {
  return { revision, state, target, tolerance, weights, undo, redo };
}
