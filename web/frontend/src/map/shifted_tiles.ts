// Base maps in GCJ-02 are moved under our data as a whole; the data stay where they are.
import { toGcj02 } from "../gcj02.ts";
import { L } from "./leaflet.ts";

interface GridInside {
  _getTiledPixelBounds(center: L.LatLng): L.Bounds;
  _setZoomTransform(level: unknown, center: L.LatLng, zoom: number): void;
  _setZoomTransforms(center: L.LatLng, zoom: number): void;
  _map?: L.Map & { _animatingZoom?: boolean };
  getEvents(): Record<string, (event: unknown) => void>;
}

/** A tile layer whose pictures are in GCJ-02: Leaflet is told a shifted centre in the two places it asks for one. */
export function shiftedTileLayer(address: string, options: L.TileLayerOptions): L.TileLayer {
  const plain = L.TileLayer.prototype as unknown as GridInside;
  const shift = ({ lat, lng }: L.LatLng) => L.latLng(...toGcj02(lat, lng));
  const Shifted = L.TileLayer.extend({
    _getTiledPixelBounds(this: GridInside, center: L.LatLng) {
      return plain._getTiledPixelBounds.call(this, shift(center));
    },
    _setZoomTransform(this: GridInside, level: unknown, center: L.LatLng, zoom: number) {
      plain._setZoomTransform.call(this, level, shift(center), zoom);
    },
    getEvents(this: GridInside) {
      const events = plain.getEvents.call(this);
      const moved = events.moveend;
      events.moveend = (event) => {
        moved?.call(this, event);
        // The offset differs from place to place: without this the pictures drift as one pans.
        if (this._map && !this._map._animatingZoom)
          this._setZoomTransforms(this._map.getCenter(), this._map.getZoom());
      };
      return events;
    },
  });
  return new (Shifted as unknown as new (address: string, options: L.TileLayerOptions) => L.TileLayer)(
    address,
    options,
  );
}
