// A canvas over the view and a margin around it, carried along while the map moves or zooms.
import { L } from "./leaflet.ts";

const MARGIN = 0.25;
/** A full canvas costs a good part of a frame; while squares arrive one by one it is painted again this often. */
const SOON_MS = 150;

/** Paint in CSS px of the layer's coordinates; `bounds` is what the canvas covers. */
export type PaintOverlay = (context: CanvasRenderingContext2D, bounds: L.Bounds) => void;
/** What of `bounds` will be painted on; null when nothing will. A small canvas is quick, none is quickest. */
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

interface Renderer {
  _container: HTMLElement;
  _bounds: L.Bounds;
  _map: L.Map & { _animatingZoom?: boolean };
  addTo(map: L.Map): unknown;
}

export function makeOverlay(pane: string, paint: PaintOverlay, needed: NeededArea = (all) => all): Overlay {
  const sharp = Math.min(window.devicePixelRatio || 1, 2);
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true");
  let frame = 0;
  let soon: ReturnType<typeof setTimeout> | undefined;

  const Layer = (L.Renderer as unknown as typeof L.Class).extend({
    _initContainer(this: Renderer) {
      this._container = document.createElement("div");
      this._container.className = "overlay";
      this._container.append(canvas);
    },
    _destroyContainer(this: Renderer) {
      this._container.remove();
    },
    _update(this: Renderer) {
      if (this._map._animatingZoom && this._bounds) return;
      (L.Renderer.prototype as unknown as { _update(): void })._update.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min as L.Point);
      draw(this._bounds);
    },
  });

  function draw(bounds: L.Bounds): void {
    clearTimeout(soon);
    soon = undefined;
    const area = needed(bounds);
    canvas.hidden = !area;
    if (!area) return;
    const min = (area.min as L.Point).floor();
    fit(canvas, (area.max as L.Point).subtract(min).ceil(), sharp);
    L.DomUtil.setPosition(canvas, min.subtract(bounds.min as L.Point));
    const context = canvas.getContext("2d");
    context?.setTransform(sharp, 0, 0, sharp, -min.x * sharp, -min.y * sharp);
    if (context) paint(context, area);
  }

  const layer = new (Layer as unknown as new (options: object) => Renderer)({ pane, padding: MARGIN });
  const overlay: Overlay = {
    get busy() {
      return Boolean(frame || soon);
    },
    addTo(map) {
      layer.addTo(map);
      return overlay;
    },
    redraw() {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        if (layer._map && !layer._map._animatingZoom) draw(layer._bounds);
      });
    },
    redrawSoon() {
      soon ??= setTimeout(overlay.redraw, SOON_MS);
    },
  };
  return overlay;
}

/** The canvas that large and empty. Another size takes new memory, the same one only a wipe. */
function fit(canvas: HTMLCanvasElement, { x, y }: L.Point, sharp: number): void {
  const [width, height] = [Math.round(x * sharp), Math.round(y * sharp)];
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  else canvas.getContext("2d")?.reset();
  canvas.style.width = `${x}px`;
  canvas.style.height = `${y}px`;
}
