// Which figures a reader wants, and how the address says it: `incidents~90~c12~percent`.
import type { Question } from "./values.ts";

export type Compare = "" | "difference" | "percent";

export interface Wish {
  /** "" for none. */
  indicator: string;
  days: number;
  /** "" for all, `c` and the id of a category, `m` and the name of a group of them. */
  kind: string;
  compare: Compare;
}

/** What the server says an indicator can be asked for. */
export interface Indicator {
  code: string;
  name: string;
  unit: string;
  group: string;
  takes: string[];
  compares: boolean;
}

export const PERIODS = [7, 30, 90, 365];
const USUAL = { days: 30, kind: "", compare: "" } as const;

export function readWish(text: string): Wish {
  const [indicator, ...rest] = text.split("~");
  const wish: Wish = { indicator, ...USUAL };
  for (const part of rest) {
    if (PERIODS.includes(Number(part))) wish.days = Number(part);
    else if (part === "difference" || part === "percent") wish.compare = part;
    else if (/^(c\d+|m.+)$/.test(part)) wish.kind = part;
  }
  return wish;
}

export function writeWish({ indicator, days, kind, compare }: Wish): string {
  return [indicator, days === USUAL.days ? "" : days, kind, compare].filter(Boolean).join("~");
}

/** The wish as the server is asked, without what the indicator does not take. */
export function questionOf(wish: Wish, indicator: Indicator | undefined): Question {
  const takes = indicator?.takes ?? [];
  return {
    indicator: wish.indicator,
    ...(takes.includes("days") ? { days: String(wish.days) } : {}),
    ...(takes.includes("kind") && wish.kind
      ? { [wish.kind[0] === "c" ? "category" : "major"]: wish.kind.slice(1) }
      : {}),
    ...(indicator?.compares && wish.compare ? { compare: "previous" } : {}),
  };
}
