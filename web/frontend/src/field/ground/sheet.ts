// The canvas under Leaflet: drawn anew where the map comes to rest, half a screen beyond its edges.
import { density, L } from "../../map/leaflet.ts";
import { Brush, coloursOf, type Marking, type Scene } from "./paint.ts";

const BEYOND = 0.5; // of the map's size on every side, so that dragging shows no white

export class GroundSheet extends L.Layer {
  chosen: number | null = null;
  marking: Marking = () => null;
  private readonly canvas = L.DomUtil.create("canvas", "ground-sheet");
  private waiting = 0;

  constructor(private scene: Scene) {
    super();
  }

  override onAdd(map: L.Map): this {
    map.getPane("tilePane")?.append(this.canvas);
    map.on("moveend zoom viewreset resize", this.redrawSoon, this);
    this.redrawSoon();
    return this;
  }

  override onRemove(map: L.Map): this {
    cancelAnimationFrame(this.waiting);
    map.off("moveend zoom viewreset resize", this.redrawSoon, this);
    this.canvas.remove();
    return this;
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.redrawSoon();
  }

  redrawSoon(): void {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.redraw());
  }

  private redraw(): void {
    const map = this._map;
    const context = this.canvas.getContext("2d");
    if (!map || !context) return;
    const size = map.getSize();
    const edge = size.multiplyBy(BEYOND);
    const whole = size.add(edge.multiplyBy(2));
    L.DomUtil.setPosition(this.canvas, map.containerPointToLayerPoint([-edge.x, -edge.y]));
    [this.canvas.width, this.canvas.height] = [whole.x * density, whole.y * density];
    Object.assign(this.canvas.style, { width: `${whole.x}px`, height: `${whole.y}px` });
    context.scale(density, density);
    context.translate(edge.x, edge.y);
    const [northWest, southEast] = [edge.multiplyBy(-1), size.add(edge)].map((at) => map.containerPointToLatLng(at));
    const view = { west: northWest.lng, east: southEast.lng, south: southEast.lat, north: northWest.lat };
    const at = (lon: number, lat: number) => map.latLngToContainerPoint([lat, lon]);
    new Brush(context, at, view, map.getZoom(), coloursOf(map.getContainer())).paint(this.scene, this.chosen, this.marking);
  }
}
