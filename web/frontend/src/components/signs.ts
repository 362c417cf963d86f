// The pictures of components: one stroke each in a box of 24, the same on the canvas and in the legend.
// The condition is told by the shape around it (and only then by its colour): see plate().
import { CIRCLE, DIAMOND, drawOn, SQUARE, type Look, type Plate } from "../points/plates.ts";

export const SIGNS: Record<string, string> = {
  cover: "M18 12a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM12 6v12M6 12h12",
  grate: "M6 7h12v10H6zM10 7v10M14 7v10",
  hydrant: "M9 18V9a3 3 0 0 1 6 0v9M7 18h10M6.5 12h11M12 6V4.5",
  box: "M7 6h10v12H7zM12.5 8.5 10.5 12h3l-2 3.5",
  pole: "M12 5v14M8 8h8M9 19h6",
  lamp: "M8 19V8a3.5 3.5 0 0 1 7 0M12 8.5h6l1 3h-8zM6 19h4",
  kiosk: "M5.5 10.5 8 6h8l2.5 4.5zM7.5 10.5V18h9v-7.5",
  fitness: "M7 8.5v7M17 8.5v7M7 12h10M4.5 10v4M19.5 10v4",
  water: "M12 5c3 4 4.5 6 4.5 8.5a4.5 4.5 0 0 1-9 0C7.5 11 9 9 12 5z",
  camera: "M5 9h9.5v6H5zM14.5 11 19 9v6l-4.5-2z",
  parking: "M9 18V6h4a3.5 3.5 0 0 1 0 7H9",
  sign: "M6.5 6h11v6.5h-11zM12 12.5V19",
  signal: "M9 5h6v14H9zM12 8.5v.01M12 12v.01M12 15.5v.01",
  barrier: "M5 9.5h14M5 14h14M7.5 7v11M12 7v11M16.5 7v11",
  toilet: "M8.5 5.5v.01M15.5 5.5v.01M7 9h3.5l-.5 9H7.5zM13.5 9H17l1 6h-1l-.5 3h-2l-.5-3h-1z",
  bin: "M7.5 9h9l-1 10h-7zM6 8h12M10 5.5h4",
  tree: "M12 19v-5M12 5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z",
  seat: "M7 7v6h10V7M7 13v5M17 13v5",
  other: "M12 8v8M8 12h8",
};

/** In order a light disc; an open case a full diamond; damaged a full square; missing an empty one with dashes. */
const PLATES: Record<string, Plate> = {
  intact: { outline: CIRCLE, fill: "#fffefb", edge: "#3a4048", ink: "#23262b", dashed: false },
  reported: { outline: DIAMOND, fill: "#123f86", edge: "#fffefb", ink: "#ffffff", dashed: false },
  damaged: { outline: SQUARE, fill: "#a3201a", edge: "#fffefb", ink: "#ffffff", dashed: false },
  missing: { outline: SQUARE, fill: "#fffefb", edge: "#a3201a", ink: "#a3201a", dashed: true },
  disused: { outline: CIRCLE, fill: "#d9d7d1", edge: "#767b83", ink: "#5a5f66", dashed: true },
};

export function plate(condition: string): Plate {
  return PLATES[condition] ?? PLATES.intact;
}

/** Those that matter most are drawn last, over the others. */
export const RANK: Record<string, number> = { disused: 0, intact: 1, missing: 2, damaged: 3, reported: 4 };

export const COMPONENTS: Look = { name: "components", plate, path: (sign) => SIGNS[sign] ?? SIGNS.other, rank: RANK };

/** The same as an element, for legend and lists. */
export function drawSign(sign: string, condition = "intact"): SVGElement {
  return drawOn(COMPONENTS, sign, condition);
}
