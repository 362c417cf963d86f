// The colours of figures: laid over the land and under water, roads and houses, so that the town stays readable.
import { DOUBTED, type Look, type Sheet, type Shade } from "./look.ts";
import { meets, paintInChunks } from "./trace.ts";
import { word, type Shapes } from "../tiles/shapes.ts";

/** Colour the polygons of a layer by their figures. `level` restricts areas to one level. */
export function paintFigures(sheet: Sheet, shapes: Shapes, level?: string): void {
  const { shades } = sheet;
  if (!shades) return;
  const byShade = new Map<Shade, number[]>();
  for (let i = 0; i < shapes.count; i++) {
    if (!meets(shapes.boxes, i, sheet.view) || (level && word(shapes, "level", i) !== level)) continue;
    const shade = shades.distinct[shades.of[i]];
    const listed = byShade.get(shade);
    if (listed) listed.push(i);
    else byShade.set(shade, [i]);
  }
  for (const [shade, listed] of byShade) paintShade(sheet, shapes, listed, shade);
}

function paintShade(sheet: Sheet, shapes: Shapes, listed: number[], shade: Shade): void {
  const style = styleOf(sheet, shade);
  if (!style) return;
  const { context, look } = sheet;
  context.save();
  context.globalAlpha = strength(look);
  for (const layer of isDoubted(shade) ? [style, dots(sheet)] : [style]) {
    context.fillStyle = layer ?? "transparent";
    paintInChunks(context, shapes, listed, true, () => context.fill("evenodd"));
  }
  context.restore();
}

function isDoubted(shade: Shade): boolean {
  return typeof shade === "number" && shade >= DOUBTED;
}

/** Close by one looks at houses, from afar at figures. */
function strength({ zoom, base }: Look): number {
  if (!base) return 0.6;
  return zoom >= 18 ? 0.42 : zoom >= 17 ? 0.6 : 0.78;
}

function styleOf(sheet: Sheet, shade: Shade): string | CanvasPattern | null {
  if (typeof shade === "number") return sheet.look.palette[shade % DOUBTED] ?? null;
  return shade === "hidden" ? hatch(sheet) : null;
}

/** Diagonal lines: a figure exists and is withheld. */
function hatch(sheet: Sheet): CanvasPattern | null {
  return patternOf(sheet, 8, (pen, side) => {
    pen.strokeStyle = "rgba(110, 104, 94, 0.55)";
    pen.lineWidth = 1.1 * sheet.look.density;
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift, side);
      pen.lineTo(shift + side, 0);
    }
    pen.stroke();
  });
}

/** Dots of paper with a dark rim: the figure is uncertain. They show on the lightest colour and on the darkest. */
function dots(sheet: Sheet): CanvasPattern | null {
  return patternOf(sheet, 10, (pen, side) => {
    pen.beginPath();
    pen.arc(side / 2, side / 2, 1.7 * sheet.look.density, 0, 2 * Math.PI);
    pen.fillStyle = "#fffefb";
    pen.fill();
    pen.strokeStyle = "rgba(60, 50, 40, 0.75)";
    pen.lineWidth = 0.7 * sheet.look.density;
    pen.stroke();
  });
}

function patternOf(
  { context, px, look }: Sheet,
  size: number,
  draw: (pen: OffscreenCanvasRenderingContext2D, side: number) => void,
): CanvasPattern | null {
  const side = Math.round(size * look.density);
  const swatch = new OffscreenCanvas(side, side);
  draw(swatch.getContext("2d") as OffscreenCanvasRenderingContext2D, side);
  const pattern = context.createPattern(swatch, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(px / look.density)); // the sheet's units are not pixels
  return pattern;
}

export function hasFigures(look: Look, layer: string): boolean {
  return look.figures === layer;
}
