// The map by keyboard: arrows go from tile to tile, Enter does what the tool in hand does.
import type { Ground } from "./ground.ts";
import { middleOf, type Point } from "./gathering.ts";

export const WAYS: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

const LEAST_AHEAD = 0.2;
/** Within 50° to either side, so that every place is reached: four ways cover all round. */
const STRAIGHT = 0.64;

export function isArrow(key: string): boolean {
  return key in WAYS;
}

/** The tile next to a tile in a direction: of its neighbours the one most straight ahead, the tile itself where none is. */
export function nextTile(ground: Ground, row: number, key: string): number {
  const from = middleOf(ground, row);
  let [best, score] = [row, LEAST_AHEAD];
  for (const other of ground.neighbours(row)) {
    const ahead = aheadness(from, middleOf(ground, other), key);
    if (ahead > score) [best, score] = [other, ahead];
  }
  return best;
}

/** Of some places the nearest that lies ahead of one of them in a direction, that one itself where none does. */
export function aheadOf(places: Point[], from: number, key: string): number {
  let [best, least] = [from, Infinity];
  places.forEach((place, k) => {
    const far = Math.hypot(place[0] - places[from][0], place[1] - places[from][1]);
    if (k === from || aheadness(places[from], place, key) < STRAIGHT || far >= least) return;
    [best, least] = [k, far];
  });
  return best;
}

/** 1 straight ahead, 0 beside, −1 behind. */
function aheadness([x, y]: Point, [ox, oy]: Point, key: string): number {
  const length = Math.hypot(ox - x, oy - y) || 1;
  return ((ox - x) * WAYS[key][0] + (oy - y) * WAYS[key][1]) / length;
}

/** The tile whose middle is nearest to a point. */
export function nearestTile(ground: Ground, [x, y]: [number, number]): number {
  const inside = ground.at(x, y);
  if (inside >= 0) return inside;
  let [best, least] = [-1, Infinity];
  for (let row = 0; row < ground.count; row++) {
    const away = Math.hypot(ground.middles[2 * row] - x, ground.middles[2 * row + 1] - y);
    if (away < least) [best, least] = [row, away];
  }
  return best;
}
