// Colours of cells: neighbours differ, whatever kind of colour blindness looks at them, and a cell keeps its colour as
// long as that can be. Fills after Paul Tol, "Colour schemes" (2021), scheme "light": told apart by all, dark text on them.

export const FILLS = ["#77aadd", "#ee8866", "#eedd88", "#44bb99", "#ffaabb", "#bbcc33", "#99ddff"];

export type Neighbours = Map<number, Set<number>>;

/**
 * A colour (a place in `FILLS`) for every cell, none like that of a neighbour as long as there are enough. Cells that
 * can keep what they have in `before` do. The rest is done smallest last: a cell with few neighbours left is put aside,
 * and coloured when all others are; six colours are enough for any flat map that way.
 */
export function colour(neighbours: Neighbours, before: Map<number, number> = new Map(), colours = FILLS.length): Map<number, number> {
  const after = kept(neighbours, before);
  const uses = new Array<number>(colours).fill(0);
  for (const one of after.values()) uses[one]++;
  for (const cell of smallestLast(neighbours, [...neighbours.keys()].filter((one) => !after.has(one)))) {
    const taken = new Set([...(neighbours.get(cell) ?? [])].map((one) => after.get(one)));
    const free = uses.map((_, k) => k).filter((k) => !taken.has(k));
    const among = free.length ? free : uses.map((_, k) => k);
    const best = among.reduce((one, other) => (uses[other] < uses[one] ? other : one));
    after.set(cell, best);
    uses[best]++;
  }
  return after;
}

function kept(neighbours: Neighbours, before: Map<number, number>): Map<number, number> {
  const after = new Map<number, number>();
  for (const cell of [...neighbours.keys()].sort((a, b) => a - b)) {
    const one = before.get(cell);
    if (one === undefined) continue;
    if (!isTaken(one, neighbours.get(cell), after)) after.set(cell, one);
  }
  return after;
}

function isTaken(colour: number, others: Set<number> | undefined, by: Map<number, number>): boolean {
  for (const other of others ?? []) if (by.get(other) === colour) return true;
  return false;
}

function smallestLast(neighbours: Neighbours, cells: number[]): number[] {
  const left = new Set(cells);
  const degree = new Map(cells.map((cell) => [cell, [...(neighbours.get(cell) ?? [])].filter((one) => left.has(one)).length]));
  const buckets: number[][] = [];
  for (const [cell, k] of degree) (buckets[k] ??= []).push(cell);
  const order: number[] = [];
  for (let k = 0; order.length < cells.length; ) {
    const cell = buckets[k]?.pop();
    if (cell === undefined) {
      k++;
      continue;
    }
    if (!left.has(cell) || degree.get(cell) !== k) continue;
    left.delete(cell);
    order.push(cell);
    for (const other of neighbours.get(cell) ?? []) {
      if (!left.has(other)) continue;
      const fewer = (degree.get(other) ?? 1) - 1;
      degree.set(other, fewer);
      (buckets[fewer] ??= []).push(other);
      k = Math.min(k, fewer);
    }
  }
  return order.reverse();
}
