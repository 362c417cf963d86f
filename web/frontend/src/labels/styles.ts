import { COMMUNITY, FONT, HALO } from "../drawing/carto.ts";

export interface TextStyle {
  size: number;
  weight: number;
  fill: string;
  halo: string;
  spacing: number;
  lineHeight: number;
}

function style(size: number, weight: number, fill: string, spacing = 0): TextStyle {
  return { size, weight, fill, halo: HALO, spacing, lineHeight: size * 1.25 };
}

export const STYLES: Record<string, TextStyle> = {
  street: style(17, 700, "#43207a", 3),
  community: style(14, 650, COMMUNITY, 1.5),
  cell: style(13.5, 600, "#43281a"),
  cellFigure: style(13.5, 700, "#8c1f3c"),
  roadLarge: style(13, 500, "#6c5423", 1),
  road: style(12.5, 450, "#6d665a", 0.5),
  park: style(12.5, 500, "#3f7030"),
  water: style(13, 500, "#27708f", 2),
  place: style(12.5, 500, "#7b5a2b"),
  building: { ...style(12, 450, "#4d3a24"), halo: "rgba(255, 253, 248, 0.72)" },
};

export function fontOf({ weight, size }: TextStyle): string {
  return `${weight} ${size}px ${FONT}`;
}
