// The pictures of units by kind: one stroke each in a box of 24. How a unit stands with its checks is told by the shape.
import { CIRCLE, DIAMOND, SQUARE, type Look, type Plate } from "../points/plates.ts";

const BOOK = "M12 7.5C10 6 7.5 6 5.5 6.5v10c2-.5 4.5-.5 6.5 1 2-1.5 4.5-1.5 6.5-1v-10c-2-.5-4.5-.5-6.5 1zM12 7.5v10";
const HOUSE = "M5 11.5 12 5.5l7 6M7 10v8h10v-8";
const SIGNS: Record<string, string> = {
  shop: "M5.5 10.5 7 6h10l1.5 4.5zM7 10.5V18h10v-7.5M10.5 18v-4h3v4",
  restaurant: "M8 5.5v4a2 2 0 0 0 4 0v-4M10 5.5V18.5M16 18.5v-13c-2 1.5-2.5 4-2.5 6.5H16",
  inn: "M5 7v11M5 15.5h14V18M5 12.5h6v-2h5.5a2.5 2.5 0 0 1 2.5 2.5v2.5",
  entertainment: "M9.5 16.5V6.5l7-1.5v10M9.5 16.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM16.5 15a2 2 0 1 1-4 0 2 2 0 0 1 4 0z",
  leisure: "M7 8.5v7M17 8.5v7M7 12h10M4.5 10v4M19.5 10v4",
  small_clinic: "M10 5.5h4V10h4.5v4H14v4.5h-4V14H5.5v-4H10z",
  training: BOOK,
  school: BOOK,
  kindergarten: "M6 12h5.5v6H6zM12.5 12H18v6h-5.5zM9.200 6h5.600v5H9.200z",
  workshop: "M5 18.5v-7l5 3v-3l5 3V6h3.5v12.5z",
  firm: "M5.5 9.5h13v8.5h-13zM9.5 9.5V6.5h5v3M5.5 13.5h13",
  flammables: "M12 5c.5 3 4.5 4.5 4.5 8.5a4.5 4.5 0 0 1-9 0c0-2 1-3 2-4 .3 1.5 1 2 1.5 2 .5-2 0-4 1-6.5z",
  elder_home: `${HOUSE}M12 17v-4.5M10 14.5h4`,
  social: "M9 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM15.5 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 18c0-4 2-5.5 4-5.5s4 1.5 4 5.5M14.5 12.5c2.5 0 4.5 1.5 4.5 5.5",
  public: "M5 9.5 12 5.5l7 4zM7 10v7M10.5 10v7M13.5 10v7M17 10v7M5 18h14",
  other: "M12 8v8M8 12h8",
};

/** In order a light disc; overdue a full diamond; with hazards a full square. */
const PLATES: Record<string, Plate> = {
  fine: { outline: CIRCLE, fill: "#fffefb", edge: "#1d5c46", ink: "#1d4a3a", dashed: false },
  overdue: { outline: DIAMOND, fill: "#7a4300", edge: "#fffefb", ink: "#ffffff", dashed: false },
  hazards: { outline: SQUARE, fill: "#a3201a", edge: "#fffefb", ink: "#ffffff", dashed: false },
};

export const UNITS: Look = {
  name: "units",
  plate: (state) => PLATES[state] ?? PLATES.fine,
  path: (kind) => SIGNS[kind] ?? SIGNS.other,
  rank: { fine: 0, overdue: 1, hazards: 2 },
};
