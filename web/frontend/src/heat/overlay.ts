// The surface over the map: one pixel a place bin, stretched by the browser, which smooths between them.
import { L } from "../map/leaflet.ts";
import { colourInto, colourTable } from "./colours.ts";
import type { CubeHead } from "./cube.ts";
import { toLatLng } from "./ground.ts";

export class HeatOverlay {
  readonly canvas = document.createElement("canvas");
  private readonly table = colourTable();
  private layer: L.SVGOverlay | null = null;
  private image: ImageData | null = null;
  private pixels = new Uint32Array(0);

  constructor(private readonly map: L.Map) {
    const pane = map.createPane("heat");
    pane.style.zIndex = "300"; // over the buildings, under outlines and names
    pane.style.pointerEvents = "none";
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.className = "heat-canvas";
  }

  /** Lie over the ground of another cube. */
  place({ west, north, size, columns, rows }: CubeHead): void {
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.image = new ImageData(columns, rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
    const corners = [toLatLng(west, north), toLatLng(west + columns * size, north - rows * size)];
    const bounds = L.latLngBounds(corners);
    if (this.layer) this.layer.setBounds(bounds);
    // An "SVG" overlay is Leaflet's word for one that takes any element.
    else this.layer = L.svgOverlay(this.canvas as unknown as SVGElement, bounds, { pane: "heat" }).addTo(this.map);
  }

  draw(density: Float32Array, top: number): void {
    if (!this.image) return;
    colourInto(this.pixels, density, top, this.table);
    this.canvas.getContext("2d")?.putImageData(this.image, 0, 0);
  }

  remove(): void {
    this.layer?.remove();
    this.layer = null;
    this.image = null;
  }
}
