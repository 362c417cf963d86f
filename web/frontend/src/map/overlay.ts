// A canvas over the whole view and a margin around it, carried along while the map moves or zooms.
import { L } from "./leaflet.ts";

const MARGIN = 0.25;

/** Paint in CSS px of the layer's coordinates; `bounds` is what the canvas covers. */
export type PaintOverlay = (context: CanvasRenderingContext2D, bounds: L.Bounds) => void;

export interface Overlay {
  addTo(map: L.Map): Overlay;
  /** Paint again in the next frame. */
  redraw(): void;
}

interface Renderer {
  _container: HTMLCanvasElement;
  _bounds: L.Bounds;
  _map: L.Map & { _animatingZoom?: boolean };
  addTo(map: L.Map): unknown;
}

export function makeOverlay(pane: string, paint: PaintOverlay): Overlay {
  const sharp = Math.min(window.devicePixelRatio || 1, 2);
  let frame = 0;

  const Layer = (L.Renderer as unknown as typeof L.Class).extend({
    _initContainer(this: Renderer) {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
    },
    _destroyContainer(this: Renderer) {
      this._container.remove();
    },
    _update(this: Renderer) {
      if (this._map._animatingZoom && this._bounds) return;
      (L.Renderer.prototype as unknown as { _update(): void })._update.call(this);
      draw(this);
    },
  });

  function draw(renderer: Renderer): void {
    const { _container: canvas, _bounds: bounds } = renderer;
    const size = bounds.getSize();
    L.DomUtil.setPosition(canvas, bounds.min as L.Point);
    canvas.width = size.x * sharp;
    canvas.height = size.y * sharp;
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(
      sharp,
      0,
      0,
      sharp,
      -(bounds.min as L.Point).x * sharp,
      -(bounds.min as L.Point).y * sharp,
    );
    paint(context, bounds);
  }

  const layer = new (Layer as unknown as new (options: object) => Renderer)({ pane, padding: MARGIN });
  const overlay: Overlay = {
    addTo(map) {
      layer.addTo(map);
      return overlay;
    },
    redraw() {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        if (layer._map && !layer._map._animatingZoom) draw(layer);
      });
    },
  };
  return overlay;
}
