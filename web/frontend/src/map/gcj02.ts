// GCJ-02: the offset that Chinese law puts on public maps. Our data stay in WGS 84; a base map that is shifted is
// moved under them as a whole. Constants: the Krasovsky 1940 ellipsoid, as in the published reverse engineering.
import { L } from "./leaflet.ts";

const RADIUS = 6378245;
const FLATTENING = 0.006693421622965943;

/** From WGS 84 to GCJ-02, degrees. Outside mainland China nothing is shifted. */
export function toGcj02(lat: number, lng: number): [lat: number, lng: number] {
  if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lat, lng];
  const [x, y] = [lng - 105, lat - 35];
  const latitude = (lat * Math.PI) / 180;
  const magic = 1 - FLATTENING * Math.sin(latitude) ** 2;
  const north = (offsetNorth(x, y) * 180) / (((RADIUS * (1 - FLATTENING)) / magic ** 1.5) * Math.PI);
  const east = (offsetEast(x, y) * 180) / ((RADIUS / Math.sqrt(magic)) * Math.cos(latitude) * Math.PI);
  return [lat + north, lng + east];
}

function waves(at: number, terms: [amplitude: number, divisor: number][]): number {
  return terms.reduce((sum, [amplitude, divisor]) => sum + amplitude * Math.sin((at / divisor) * Math.PI), 0) * (2 / 3);
}

const FINE: [number, number][] = [
  [20, 1 / 6],
  [20, 1 / 2],
];

function offsetNorth(x: number, y: number): number {
  const plane = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return plane + waves(x, FINE) + waves(y, [[20, 1], [40, 3], [160, 12], [320, 30]]);
}

function offsetEast(x: number, y: number): number {
  const plane = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return plane + waves(x, FINE) + waves(x, [[20, 1], [40, 3], [150, 12], [300, 30]]);
}

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
        if (this._map && !this._map._animatingZoom) this._setZoomTransforms(this._map.getCenter(), this._map.getZoom());
      };
      return events;
    },
  });
  return new (Shifted as unknown as new (address: string, options: L.TileLayerOptions) => L.TileLayer)(address, options);
}
