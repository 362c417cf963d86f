import { CELL_LINE, COMMUNITY } from "./carto.ts";
import type { Sheet } from "./look.ts";
import { traceLines } from "./trace.ts";
import type { Lines, Shapes } from "../tiles/shapes.ts";

interface Stroke {
  style: string;
  width: number;
  dash: number[];
}

export function paintCellBorders(sheet: Sheet, cells: Shapes): void {
  if (!cells.borders) return;
  const width = sheet.look.zoom >= 16 ? 1.7 : sheet.look.zoom >= 14 ? 1.1 : 0.6;
  strokeLines(sheet, cells.borders, () => true, [
    { style: "rgba(255, 252, 245, 0.55)", width: width + 1.6, dash: [] },
    { style: CELL_LINE, width, dash: [] },
  ]);
}

/** Communities under streets under districts: where they run together the higher one is seen. */
export function paintAreaBorders(sheet: Sheet, areas: Shapes): void {
  const { borders } = areas;
  const levels = areas.columns.level?.values ?? [];
  if (!borders) return;
  const shown = {
    community: sheet.look.communities,
    street: sheet.look.streets,
    district: sheet.look.streets,
  };
  for (const [level, wanted] of Object.entries(shown)) {
    const kind = levels.indexOf(level) + 1;
    if (wanted && kind) strokeLines(sheet, borders, (one) => one === kind, strokesOf(level, sheet.look.zoom));
  }
}

function strokesOf(level: string, zoom: number): Stroke[] {
  const near = zoom >= 14;
  const halo = { style: "rgba(255, 255, 255, 0.85)", width: near ? 5 : 3, dash: [] };
  if (level === "community") {
    if (zoom < 13) return [{ style: "rgba(107, 63, 160, 0.45)", width: 0.8, dash: [] }];
    return [halo, { style: COMMUNITY, width: near ? 1.8 : 1.2, dash: near ? [11, 4, 2, 4] : [6, 3, 1.5, 3] }];
  }
  const band = { style: "rgba(107, 63, 160, 0.20)", width: near ? 10 : 6, dash: [] };
  return [
    band,
    { ...halo, width: near ? 4.6 : 3.4 },
    { style: "#51298a", width: near ? 2.6 : 1.8, dash: [] },
  ];
}

function strokeLines(
  { context, px }: Sheet,
  lines: Lines,
  wanted: (kind: number) => boolean,
  strokes: Stroke[],
): void {
  context.lineJoin = "round";
  context.lineCap = "butt";
  traceLines(context, lines, wanted);
  for (const stroke of strokes) {
    context.strokeStyle = stroke.style;
    context.lineWidth = stroke.width * px;
    context.setLineDash(stroke.dash.map((length) => length * px));
    context.stroke();
  }
  context.setLineDash([]);
}
