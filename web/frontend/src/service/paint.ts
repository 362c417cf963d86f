// Buildings in the colour of their walk, over the map's own; from afar dots. A building without a known way is hatched.
import { outlineFeature } from "../drawing/buildings.ts";
import { L } from "../map/leaflet.ts";
import { placeOnScreen, type SquareView } from "../map/square.ts";
import type { Shapes } from "../tiles/shapes.ts";
import { classAt, classesFor } from "./classes.ts";
import type { Homes } from "./settings.ts";

type Pen = OffscreenCanvasRenderingContext2D;
const LINE = "rgba(40, 36, 30, 0.55)";

export class Minutes {
  private readonly rows: Map<number, number>;
  private readonly colours: string[];

  constructor(
    private readonly homes: Homes,
    private readonly limit: number,
  ) {
    this.rows = new Map(homes.ids.map((id, row) => [id, row]));
    this.colours = classesFor(limit, null).map(({ colour }) => colour);
  }

  of(id: number): number | null {
    const row = this.rows.get(id);
    return row === undefined ? null : this.homes.tenths[row];
  }

  paint(views: SquareView[], map: L.Map, area: L.Bounds, sharp: number): ImageBitmap {
    const { x, y } = area.getSize();
    const canvas = new OffscreenCanvas(Math.max(1, x * sharp), Math.max(1, y * sharp));
    const pen = canvas.getContext("2d") as Pen;
    const { x: left, y: top } = area.min as L.Point;
    pen.setTransform(sharp, 0, 0, sharp, -left * sharp, -top * sharp);
    const drawn = views.some((view) => view.parts.buildings?.tile.building);
    if (drawn) for (const view of views) this.paintView(pen, view, map);
    else this.paintDots(pen, map, area);
    return canvas.transferToImageBitmap();
  }

  private styleOf(pen: Pen, tenths: number): string | CanvasPattern {
    return tenths < 0 ? (hatch(pen) ?? "#999") : this.colours[classAt(tenths, this.limit)];
  }

  /** A building that crosses squares is in the tile of each: it is painted twice in one colour. */
  private paintView(pen: Pen, view: SquareView, map: L.Map): void {
    const part = view.parts.buildings;
    const shapes = part?.tile.building;
    if (!part || !shapes) return;
    const { left, top, shrunk } = placeOnScreen(view, map);
    const scale = part.source.scale * shrunk;
    pen.save();
    pen.translate(left - part.source.left * shrunk, top - part.source.top * shrunk);
    pen.scale(scale, scale);
    pen.lineWidth = 0.7 / scale;
    pen.strokeStyle = LINE;
    for (let i = 0; i < shapes.count; i++) this.paintHouse(pen, shapes, i);
    pen.restore();
  }

  private paintHouse(pen: Pen, shapes: Shapes, i: number): void {
    const tenths = this.of(shapes.ids[i]);
    if (tenths === null) return;
    outlineFeature(pen, shapes, i);
    pen.fillStyle = this.styleOf(pen, tenths);
    pen.fill("evenodd");
    pen.stroke();
  }

  private paintDots(pen: Pen, map: L.Map, area: L.Bounds): void {
    const side = map.getZoom() >= 13 ? 4 : 2.5;
    this.homes.tenths.forEach((tenths, row) => {
      const at = map.latLngToLayerPoint([this.homes.at[2 * row + 1] / 1e5, this.homes.at[2 * row] / 1e5]);
      if (!area.contains(at)) return;
      pen.fillStyle = tenths < 0 ? "#777" : this.colours[classAt(tenths, this.limit)];
      pen.fillRect(at.x - side / 2, at.y - side / 2, side, side);
    });
  }
}

/** Diagonal lines: no way is known. */
function hatch(pen: Pen): CanvasPattern | null {
  const swatch = new OffscreenCanvas(8, 8);
  const line = swatch.getContext("2d") as Pen;
  line.fillStyle = "#efece6";
  line.fillRect(0, 0, 8, 8);
  line.strokeStyle = "#6e685e";
  line.lineWidth = 1.4;
  for (const shift of [-8, 0, 8]) {
    line.moveTo(shift, 8);
    line.lineTo(shift + 8, 0);
  }
  line.stroke();
  const pattern = pen.createPattern(swatch, "repeat");
  pattern?.setTransform(pen.getTransform().inverse()); // the square's units are not pixels
  return pattern;
}
