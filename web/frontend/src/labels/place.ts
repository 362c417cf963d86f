// Which labels are written where: the important ones first, none over another.

export interface Candidate {
  /** The same thing seen in two tiles is one label. */
  key: string;
  lines: string[];
  /** Centre, px of the canvas. */
  x: number;
  y: number;
  /** Radians; 0 level. */
  angle: number;
  /** Written downwards, a character below the other, each upright. */
  stacked: boolean;
  style: string;
  /** Low goes first. */
  rank: number;
  /** The width it may take, px; Infinity when it may reach over its edges. */
  room: number;
  /** Nothing of the same text nearer than this, px. */
  apart: number;
  /** How far up or down it may move when its place is taken, px; tried in this order. */
  slides?: number[];
}

export interface Box {
  west: number;
  north: number;
  east: number;
  south: number;
}

export interface Placed extends Candidate {
  box: Box;
}

export type Measure = (candidate: Candidate) => { width: number; height: number };

/**
 * Greedy placing in order of rank, then of key, so that the same map always reads the same. Within a rank those whose
 * keys are in `before` come first, so that a map that is moved keeps its labels.
 */
export function placeLabels(
  candidates: Candidate[],
  measure: Measure,
  taken: Box[] = [],
  before: ReadonlySet<string> = new Set(),
): Placed[] {
  const grid = new Grid();
  taken.forEach((box) => grid.add(box));
  const placed: Placed[] = [];
  const seen = new Set<string>();
  const repeats = new Map<string, Placed[]>();
  for (const candidate of sorted(candidates, before)) {
    if (seen.has(candidate.key)) continue;
    const { width, height } = measure(candidate);
    if (width > candidate.room) continue;
    const text = candidate.lines.join();
    if (tooNear(candidate, repeats.get(text))) continue;
    const label = firstFree(candidate, width, height, grid);
    if (!label) continue;
    grid.add(label.box);
    placed.push(label);
    seen.add(candidate.key);
    repeats.set(text, [...(repeats.get(text) ?? []), label]);
  }
  return placed;
}

function sorted(candidates: Candidate[], before: ReadonlySet<string>): Candidate[] {
  const stays = ({ key }: Candidate) => Number(before.has(key));
  return [...candidates].sort(
    (a, b) =>
      a.rank - b.rank || stays(b) - stays(a) || (a.key < b.key ? -1 : a.key > b.key ? 1 : b.room - a.room),
  );
}

function firstFree(candidate: Candidate, width: number, height: number, grid: Grid): Placed | null {
  for (const slide of [0, ...(candidate.slides ?? [])]) {
    const moved = { ...candidate, y: candidate.y + slide };
    const box = boxOf(moved, width, height);
    if (!grid.hits(box)) return { ...moved, box };
  }
  return null;
}

export function boxOf({ x, y, angle, stacked }: Candidate, width: number, height: number): Box {
  const [wide, high] = stacked ? [height, width] : [width, height];
  const turned = stacked ? 0 : angle;
  const [cos, sin] = [Math.abs(Math.cos(turned)), Math.abs(Math.sin(turned))];
  const across = (wide * cos + high * sin) / 2 + 3;
  const down = (wide * sin + high * cos) / 2 + 2;
  return { west: x - across, north: y - down, east: x + across, south: y + down };
}

function tooNear(candidate: Candidate, placed: Placed[] = []): boolean {
  return placed.some((other) => Math.hypot(other.x - candidate.x, other.y - candidate.y) < candidate.apart);
}

const PITCH = 64;

/** Boxes by the squares of a coarse grid they touch. */
class Grid {
  private readonly squares = new Map<string, Box[]>();

  add(box: Box): void {
    for (const key of keysOf(box)) {
      const there = this.squares.get(key);
      if (there) there.push(box);
      else this.squares.set(key, [box]);
    }
  }

  hits(box: Box): boolean {
    return keysOf(box).some((key) => this.squares.get(key)?.some((other) => overlap(box, other)));
  }
}

function keysOf(box: Box): string[] {
  const keys: string[] = [];
  for (let column = Math.floor(box.west / PITCH); column <= Math.floor(box.east / PITCH); column++)
    for (let row = Math.floor(box.north / PITCH); row <= Math.floor(box.south / PITCH); row++)
      keys.push(`${column},${row}`);
  return keys;
}

export function overlap(a: Box, b: Box): boolean {
  return a.west < b.east && b.west < a.east && a.north < b.south && b.north < a.south;
}
