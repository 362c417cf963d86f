// The map's look: paper, land, water, roads. Calm, so that figures and borders may speak.
// Widths are CSS pixels as a function of the map's zoom; a road keeps its true width from zoom 17 on.

export const PAPER = "#f6f3ec";
export const HALO = "rgba(255, 253, 248, 0.92)";

export interface Land {
  fill: string;
  line?: string;
  /** Land that is drawn over the colours of figures, because nobody lives on it. */
  over?: boolean;
}

export const LAND: Record<string, Land> = {
  farm: { fill: "#edeeda" },
  residential: { fill: "#f2ebdf" },
  village: { fill: "#f1e7d6" },
  commercial: { fill: "#f6e6dc" },
  industry: { fill: "#e9e7e6" },
  school: { fill: "#f5ecca" },
  hospital: { fill: "#f8e3e0" },
  square: { fill: "#ece9e4" },
  park: { fill: "#d3e6c1", line: "#bcd5a6", over: true },
  water: { fill: "#a9d0e3", line: "#8dbcd3", over: true },
};

export interface Road {
  casing: string;
  fill: string;
  /** CSS px at zoom 15 */
  width: number;
  /** Smallest zoom at which it is drawn, and from which it is cased. */
  from: number;
  cased: number;
}

export const ROADS: Record<string, Road> = {
  path: { casing: "#e3dccd", fill: "#fffefb", width: 0.9, from: 16, cased: 18 },
  lane: { casing: "#ddd5c4", fill: "#fffefb", width: 1.5, from: 15, cased: 16 },
  minor: { casing: "#d5ccba", fill: "#ffffff", width: 3.6, from: 13, cased: 14 },
  major: { casing: "#d6c08f", fill: "#fdf0c8", width: 6.2, from: 10, cased: 13 },
  trunk: { casing: "#d3a069", fill: "#fbd79b", width: 8.6, from: 8, cased: 11 },
};
export const ROAD_ORDER = ["path", "lane", "minor", "major", "trunk"];

/** Width of a line at a zoom, in CSS px, from its width at zoom 15. */
export function widthAt(zoom: number, at15: number): number {
  const growth = zoom < 15 ? 1.42 : 1.55;
  return Math.max(0.5, at15 * growth ** (zoom - 15));
}

export interface House {
  fill: string;
  line: string;
}

/** Translucent, so that land and figures shine through. */
export const HOUSES: Record<string, House> = {
  residential: { fill: "rgba(146, 116, 80, 0.30)", line: "rgba(112, 84, 52, 0.50)" },
  village: { fill: "rgba(160, 122, 78, 0.28)", line: "rgba(120, 86, 48, 0.45)" },
  commercial: { fill: "rgba(190, 104, 74, 0.32)", line: "rgba(142, 70, 46, 0.52)" },
  office: { fill: "rgba(104, 114, 150, 0.30)", line: "rgba(70, 80, 118, 0.50)" },
  school: { fill: "rgba(176, 140, 44, 0.34)", line: "rgba(128, 98, 24, 0.52)" },
  medical: { fill: "rgba(192, 84, 84, 0.32)", line: "rgba(146, 54, 54, 0.52)" },
  public: { fill: "rgba(86, 128, 132, 0.32)", line: "rgba(52, 94, 98, 0.52)" },
  industrial: { fill: "rgba(112, 112, 116, 0.32)", line: "rgba(80, 80, 84, 0.50)" },
  utility: { fill: "rgba(128, 124, 116, 0.30)", line: "rgba(92, 88, 80, 0.46)" },
  other: { fill: "rgba(138, 120, 96, 0.28)", line: "rgba(104, 86, 62, 0.46)" },
};
/** Built ground from afar, where single houses would be dust. */
export const BLOCK = "rgba(134, 104, 68, 0.26)";
export const SHADOW = "rgba(58, 42, 24, 0.13)";

export const COMMUNITY = "#6b3fa0";
export const CELL_LINE = "rgba(108, 66, 40, 0.75)";
export const RIVER = "#a9d0e3";
export const RAIL = "#8b8983";
export const WALL = "#c9bda8";

export const FONT = `"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif`;
