// Leaflet's grid of tiles with two differences. Between two zooms its tiles are drawn anew at their size instead of
// shrunk, so that lines stay sharp and no frame has to be resampled. And what was on screen at the zoom before stays
// beneath until everything on screen is there.
import { frameOf, sideAt, squareZoom } from "./frame.ts";
import { isCoarse, L } from "./leaflet.ts";

interface Tile {
  coords: L.Coords;
  current: boolean;
  active?: boolean;
}

interface GridInside {
  _map?: L.Map;
  _tileZoom?: number;
  _tiles: Record<string, Tile>;
  _level: { origin: L.Point };
  _settingZoom?: number;
  _removeTile(key: string): void;
  _setView(center: L.LatLng, zoom: number, noPrune?: boolean, noUpdate?: boolean): void;
}

export function makeSquareLayer(create: (coords: L.Coords, done: L.DoneCallback) => HTMLElement): L.GridLayer {
  const plain = L.GridLayer.prototype as unknown as GridInside;
  const Layer = L.GridLayer.extend({
    createTile: create,
    getTileSize(this: GridInside) {
      const side = sideAt(this._tileZoom ?? 0);
      return L.point(side, side);
    },
    _setView(this: GridInside, center: L.LatLng, zoom: number, noPrune?: boolean, noUpdate?: boolean) {
      this._settingZoom = squareZoom(zoom); // Leaflet rounds to whole zooms before it asks `_clampZoom`
      plain._setView.call(this, center, zoom, noPrune, noUpdate);
      this._settingZoom = undefined;
    },
    _clampZoom(this: GridInside, zoom: number) {
      return this._settingZoom ?? squareZoom(zoom);
    },
    _getTilePos(this: GridInside, coords: L.Coords) {
      const { left, top } = frameOf({ x: coords.x, y: coords.y, z: this._tileZoom ?? coords.z });
      return L.point(left, top).subtract(this._level.origin);
    },
    _pruneTiles(this: GridInside) {
      if (!this._map) return;
      const complete = Object.values(this._tiles).every((tile) => !tile.current || tile.active);
      for (const [key, tile] of Object.entries(this._tiles)) {
        const stays = tile.current || (!complete && tile.active && tile.coords.z !== this._tileZoom);
        if (!stays) this._removeTile(key);
      }
    },
  });
  return new (Layer as unknown as new (options: L.GridLayerOptions) => L.GridLayer)({
    pane: "squares",
    keepBuffer: isCoarse ? 1 : 2,
    updateWhenZooming: false,
    updateWhenIdle: isCoarse,
  });
}
