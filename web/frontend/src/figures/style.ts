// How figures become colours, as the reader likes it; kept in this browser.
import { METHODS, type Method } from "./classes.ts";
import { PALETTES, type PaletteName } from "./palette.ts";

export interface Style {
  method: Method;
  count: number;
  palette: PaletteName;
  reversed: boolean;
  /** Upper ends typed by the reader, by indicator: they mean something for that one only. */
  own: Record<string, number[]>;
}

export const COUNTS = [3, 4, 5, 6, 7];
const KEPT = "wangge.map.style";
export const PLAIN: Style = { method: "quantile", count: 6, palette: "warm", reversed: false, own: {} };

export function rememberedStyle(): Style {
  try {
    return sane({ ...PLAIN, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Style>) });
  } catch {
    return PLAIN;
  }
}

export function rememberStyle(style: Style): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(style));
  } catch {
    // a browser that keeps nothing still colours
  }
}

/** Another version of this page may have kept what this one does not know. */
function sane(style: Style): Style {
  const known =
    METHODS.includes(style.method) && COUNTS.includes(style.count) && PALETTES.includes(style.palette);
  return known && typeof style.own === "object" ? style : PLAIN;
}
