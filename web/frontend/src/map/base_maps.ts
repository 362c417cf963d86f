import type { BaseMap } from "../workspace.ts";
import { L } from "./leaflet.ts";
import { shiftedTileLayer } from "./shifted_tiles.ts";

/** Pictures of somebody else's map beneath ours: its tiles and, where it has them apart, its labels. */
export function pictureLayer(base: BaseMap): L.Layer {
  const options = {
    pane: "pictures",
    maxNativeZoom: base.maxZoom,
    maxZoom: 20,
    subdomains: base.subdomains,
    attribution: base.attribution,
  };
  const layers = [base.url, base.labels].filter(Boolean).map((address) => {
    const url = String(address);
    return base.crs === "gcj02" ? shiftedTileLayer(url, options) : L.tileLayer(url, options);
  });
  return L.layerGroup(layers);
}
