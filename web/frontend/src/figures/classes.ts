// Classes of a choropleth: quantiles, so that each colour is about as frequent as the next.

export interface Class {
  /** Smallest and largest figure that fell into it. */
  from: number;
  to: number;
  count: number;
}

/**
 * Upper ends of up to `wanted` quantile classes, ascending; the last is the maximum. Equal figures never part, so there
 * are fewer classes where figures repeat.
 */
export function quantileBreaks(figures: ArrayLike<number>, wanted: number): number[] {
  const sorted = Float64Array.from(figures).sort();
  if (!sorted.length) return [];
  const breaks = new Set<number>();
  for (let k = 1; k <= wanted; k++) breaks.add(sorted[Math.ceil((k * sorted.length) / wanted) - 1]);
  return [...breaks];
}

/** Index of the class a figure falls in: the first whose upper end is not below it. */
export function classOf(figure: number, breaks: readonly number[]): number {
  let low = 0;
  let high = breaks.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (figure <= breaks[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** What the legend says of each class. Every figure is in exactly one. */
export function summarise(figures: ArrayLike<number>, breaks: readonly number[]): Class[] {
  const classes = breaks.map(() => ({ from: Infinity, to: -Infinity, count: 0 }));
  for (let row = 0; row < figures.length; row++) {
    const one = classes[classOf(figures[row], breaks)];
    one.from = Math.min(one.from, figures[row]);
    one.to = Math.max(one.to, figures[row]);
    one.count += 1;
  }
  return classes;
}
