// The canvases of a plan over the map: carried along while it moves, drawn anew at rest. What changes in between is
// drawn where it changed.
import { density, L } from "../map/leaflet.ts";
import type { Box } from "./spots.ts";

const HALF = 20037508.342789244;
/** How far beyond the view is drawn, as a share of it, so that dragging shows something. */
const MARGIN = 0.2;

/** Where metres from the origin lie on the canvas, CSS px. */
export interface View {
  scale: number;
  left: number;
  top: number;
  width: number;
  height: number;
  zoom: number;
}

export interface Painter {
  /** Draw all that meets a box of metres; the context is clipped to it and its units are metres. */
  ground(context: CanvasRenderingContext2D, view: View, box: Box): void;
  /** What lies over the ground and changes often; units are metres. */
  over(context: CanvasRenderingContext2D, view: View): void;
  /** Words; units are CSS px. */
  labels(context: CanvasRenderingContext2D, view: View): void;
  origin(): [number, number] | null;
}

interface Renderer {
  _container: HTMLElement;
  _bounds: L.Bounds;
  _map: L.Map & { _animatingZoom?: boolean };
  addTo(map: L.Map): unknown;
}

type Sheet = "ground" | "over" | "labels";
const SHEETS: Sheet[] = ["ground", "over", "labels"];

export class PlanLayer {
  private readonly canvases = SHEETS.map(() => document.createElement("canvas"));
  private readonly layer: Renderer;
  private readonly due = new Set<Sheet>();
  /** What of the ground is to be drawn: a box of metres, or all of it. */
  private dirty: Box | "all" | null = null;
  private frame = 0;
  private view: View | null = null;
  private heard: (() => void)[] = [];

  constructor(
    private readonly map: L.Map,
    private readonly painter: Painter,
  ) {
    this.layer = this.makeLayer();
    this.layer.addTo(map);
  }

  get busy(): boolean {
    return Boolean(this.frame);
  }

  /** Draw everything again in the next frame. */
  redraw(): void {
    this.dirty = "all";
    this.ask("ground", "over", "labels");
  }

  /** Draw again what lies in a box. */
  repaint(box: Box | null): void {
    if (!box || this.dirty === "all") return;
    this.dirty = this.dirty ? joined(this.dirty, box) : box;
    this.ask("ground", "labels");
  }

  redrawOver(): void {
    this.ask("over");
  }

  relabel(): void {
    this.ask("labels");
  }

  /** Hear once when what is asked for now has been drawn. */
  drawn(hear: () => void): void {
    if (this.frame) this.heard.push(hear);
    else hear();
  }

  toMetres(at: L.LatLng): [number, number] {
    const [ox, oy] = this.painter.origin() ?? [0, 0];
    const { x, y } = L.CRS.EPSG3857.project(at);
    return [x - ox, y - oy];
  }

  toLatLng(x: number, y: number): L.LatLng {
    const [ox, oy] = this.painter.origin() ?? [0, 0];
    return L.CRS.EPSG3857.unproject(L.point(x + ox, y + oy));
  }

  /** Longitude and latitude of metres from the origin, as the server wants them. */
  toPlace([x, y]: [number, number]): [number, number] {
    const { lat, lng } = this.toLatLng(x, y);
    return [lng, lat];
  }

  /** Move the map where a place is not well on it. */
  reveal([x, y]: [number, number]): void {
    const at = this.toLatLng(x, y);
    if (!this.map.getBounds().pad(-0.15).contains(at)) this.map.panTo(at, { animate: false });
  }

  /** Metres of the drawing CRS to a CSS pixel. */
  get metresPerPixel(): number {
    return 1 / scaleAt(this.map.getZoom());
  }

  private ask(...sheets: Sheet[]): void {
    for (const sheet of sheets) this.due.add(sheet);
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.frame = 0;
    const { view } = this;
    if (view && this.painter.origin()) {
      if (this.due.has("ground") && this.dirty) this.drawGround(view, this.dirty);
      if (this.due.has("over")) this.drawSheet(1, (context) => this.painter.over(context, view), view);
      if (this.due.has("labels")) this.drawSheet(2, (context) => this.painter.labels(context, view), view);
    }
    this.dirty = null;
    this.due.clear();
    const heard = this.heard;
    this.heard = [];
    for (const hear of heard) hear();
  }

  private drawGround(view: View, dirty: Box | "all"): void {
    const context = this.canvases[0].getContext("2d");
    if (!context) return;
    const rect = dirty === "all" ? [0, 0, view.width, view.height] : rectOf(dirty, view);
    const [left, top] = [Math.max(0, rect[0]), Math.max(0, rect[1])];
    const [width, height] = [Math.min(rect[2], view.width) - left, Math.min(rect[3], view.height) - top];
    if (width <= 0 || height <= 0) return;
    context.save();
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(left, top, width, height);
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    toUnits(context, view);
    this.painter.ground(context, view, boxOf([left, top, left + width, top + height], view));
    context.restore();
  }

  private drawSheet(which: number, paint: (context: CanvasRenderingContext2D) => void, view: View): void {
    const context = this.canvases[which].getContext("2d");
    if (!context) return;
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, view.width, view.height);
    if (which === 1) toUnits(context, view);
    paint(context);
  }

  /** The map came to rest elsewhere. */
  private moved({ _map: map, _bounds: bounds }: Renderer): void {
    const size = bounds.getSize().ceil();
    for (const canvas of this.canvases) {
      const [width, height] = [Math.round(size.x * density), Math.round(size.y * density)];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    }
    const [ox, oy] = this.painter.origin() ?? [0, 0];
    const scale = scaleAt(map.getZoom());
    const corner = map.getPixelOrigin().add(bounds.min as L.Point);
    const [left, top] = [(ox + HALF) * scale - corner.x, (HALF - oy) * scale - corner.y];
    this.view = { scale, left, top, width: size.x, height: size.y, zoom: map.getZoom() };
    this.redraw();
  }

  /** The origin has become known. */
  settle(): void {
    this.moved(this.layer);
  }

  private makeLayer(): Renderer {
    const over = this;
    const Layer = (L.Renderer as unknown as typeof L.Class).extend({
      _initContainer(this: Renderer) {
        this._container = document.createElement("div");
        this._container.className = "overlay plan-canvases";
        this._container.setAttribute("aria-hidden", "true");
        this._container.append(...over.canvases);
      },
      _destroyContainer(this: Renderer) {
        this._container.remove();
      },
      _update(this: Renderer) {
        if (this._map._animatingZoom && this._bounds) return;
        (L.Renderer.prototype as unknown as { _update(): void })._update.call(this);
        L.DomUtil.setPosition(this._container, this._bounds.min as L.Point);
        over.moved(this);
      },
    });
    return new (Layer as unknown as new (options: object) => Renderer)({ pane: "outlines", padding: MARGIN });
  }
}

function scaleAt(zoom: number): number {
  return (256 * 2 ** zoom) / (2 * HALF);
}

function toUnits(context: CanvasRenderingContext2D, { scale, left, top }: View): void {
  context.setTransform(density * scale, 0, 0, -density * scale, density * left, density * top);
}

/** Back to CSS px: patterns and line dashes are the same at every zoom. */
export function toPixels(context: CanvasRenderingContext2D): void {
  context.setTransform(density, 0, 0, density, 0, 0);
}

export function toUnitsOf(context: CanvasRenderingContext2D, view: View): void {
  toUnits(context, view);
}

export function onCanvas({ scale, left, top }: View, x: number, y: number): [number, number] {
  return [x * scale + left, top - y * scale];
}

/** A border is drawn beyond its box. */
const EDGE = 6;

function rectOf(box: Box, view: View): [number, number, number, number] {
  const [left, bottom] = onCanvas(view, box[0], box[1]);
  const [right, top] = onCanvas(view, box[2], box[3]);
  return [Math.floor(left) - EDGE, Math.floor(top) - EDGE, Math.ceil(right) + EDGE, Math.ceil(bottom) + EDGE];
}

function boxOf([left, top, right, bottom]: number[], view: View): Box {
  const x = (px: number) => (px - view.left) / view.scale;
  const y = (px: number) => (view.top - px) / view.scale;
  return [x(left - EDGE), y(bottom + EDGE), x(right + EDGE), y(top - EDGE)];
}

export function joined(one: Box, other: Box): Box {
  return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3])];
}
