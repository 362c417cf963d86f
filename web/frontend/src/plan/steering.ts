// The map by keyboard: arrows go from tile to tile, Enter does what the tool in hand does.
import type { Ground } from "./ground.ts";
import { middleOf } from "./gathering.ts";

const WAYS: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export function isArrow(key: string): boolean {
  return key in WAYS;
}

/** The tile next to a tile in a direction: of its neighbours the one most straight ahead, the tile itself where none is. */
export function nextTile(ground: Ground, row: number, key: string): number {
  const [x, y] = middleOf(ground, row);
  let [best, score] = [row, 0.2];
  for (const other of ground.neighbours(row)) {
    const [ox, oy] = middleOf(ground, other);
    const length = Math.hypot(ox - x, oy - y) || 1;
    const ahead = ((ox - x) * WAYS[key][0] + (oy - y) * WAYS[key][1]) / length;
    if (ahead > score) [best, score] = [other, ahead];
  }
  return best;
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
