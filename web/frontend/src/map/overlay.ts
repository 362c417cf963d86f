// A picture over the view and a margin around it, carried along while the map moves or zooms.
import { L } from "./leaflet.ts";

const MARGIN = 0.25;
/** A full picture costs a good part of a frame; while squares arrive one by one it is made again this often. */
const SOON_MS = 150;

/** A picture of an area, in CSS px of the layer's coordinates, with `sharp` pixels to each; null where it failed. */
export type PaintOverlay = (area: L.Bounds, sharp: number) => ImageBitmap | Promise<ImageBitmap | null>;
/** What of `bounds` has something on it; null when nothing has. A small picture is quick, none is quickest. */
export type NeededArea = (bounds: L.Bounds) => L.Bounds | null;

export interface Overlay {
  /** Whether what is seen is not yet what was asked for. */
  readonly busy: boolean;
  addTo(map: L.Map): Overlay;
  /** Paint again in the next frame. */
  redraw(): void;
  /** Paint again before long: once for many calls. */
  redrawSoon(): void;
}

/** Leaflet's own keeper of a container that covers the view; it knows when and where to. */
interface Renderer {
  _container: HTMLElement;
  _bounds: L.Bounds;
  _map: L.Map & { _animatingZoom?: boolean };
  addTo(map: L.Map): unknown;
}

export function makeOverlay(pane: string, needed: NeededArea, paint: PaintOverlay): Overlay {
  const over = new OverlayPicture(needed, paint);
  const Layer = (L.Renderer as unknown as typeof L.Class).extend({
    _initContainer(this: Renderer) {
      this._container = document.createElement("div");
      this._container.className = "overlay";
      this._container.append(over.canvas);
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
  const layer = new (Layer as unknown as new (options: object) => Renderer)({ pane, padding: MARGIN });
  over.layer = layer;
  return over;
}

class OverlayPicture implements Overlay {
  readonly canvas = document.createElement("canvas");
  layer: Renderer | null = null;
  /** Where the picture on screen lies: px of the whole world at its zoom. */
  private shown: { corner: L.Point; zoom: number } | null = null;
  private frame = 0;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private serial = 0;
  private finished = 0;

  constructor(
    private readonly needed: NeededArea,
    private readonly paint: PaintOverlay,
  ) {
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.hidden = true;
  }

  get busy(): boolean {
    return Boolean(this.frame || this.soon) || this.finished < this.serial;
  }

  addTo(map: L.Map): Overlay {
    this.layer?.addTo(map);
    return this;
  }

  redraw(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.layer?._map && !this.layer._map._animatingZoom) void this.draw(this.layer);
    });
  }

  redrawSoon(): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.redraw();
    }, SOON_MS);
  }

  /** The map came to rest elsewhere. At another zoom the old picture stays, scaled, until squares have come. */
  moved(layer: Renderer): void {
    const zoomed = this.shown && this.shown.zoom !== layer._map.getZoom();
    this.place(layer);
    if (zoomed) this.redrawSoon();
    else void this.draw(layer);
  }

  private async draw(layer: Renderer): Promise<void> {
    clearTimeout(this.soon);
    this.soon = undefined;
    const mine = ++this.serial;
    const area = this.needed(layer._bounds);
    const zoom = layer._map.getZoom();
    const corner = area && (area.min as L.Point).floor();
    const within = area && corner && L.bounds(corner, (area.max as L.Point).ceil());
    const world = corner?.add(layer._map.getPixelOrigin());
    const picture = within && (await this.paint(within, Math.min(window.devicePixelRatio || 1, 2)));
    this.finished = Math.max(this.finished, mine);
    if (mine !== this.serial) return picture?.close();
    this.show(layer, picture && within && world ? { picture, size: within.getSize(), corner: world, zoom } : null);
  }

  private show(layer: Renderer, made: { picture: ImageBitmap; size: L.Point; corner: L.Point; zoom: number } | null): void {
    this.canvas.hidden = !made;
    this.shown = made;
    if (!made) return;
    this.canvas.style.width = `${made.size.x}px`;
    this.canvas.style.height = `${made.size.y}px`;
    this.canvas.getContext("bitmaprenderer")?.transferFromImageBitmap(made.picture);
    this.place(layer);
  }

  /** Where the picture belongs in its container, which lies where the view is. */
  private place({ _map: map, _bounds: bounds }: Renderer): void {
    if (!this.shown) return;
    const scale = map.getZoomScale(map.getZoom(), this.shown.zoom);
    const corner = this.shown.corner.multiplyBy(scale).subtract(map.getPixelOrigin());
    L.DomUtil.setTransform(this.canvas, corner.subtract(bounds.min as L.Point), scale);
  }
}
