// Draws the ground of the pack on a canvas, in the colours of the theme. No tile, no network.
import { L } from "../../map/leaflet.ts";
import type { BuildingPart, CellPart, RoadPart } from "../parts.ts";
import { boxesMeet, boxOf, middleOf, type Box } from "./inside.ts";

export interface Drawn<Thing> {
  readonly thing: Thing;
  readonly box: Box;
}

export interface Scene {
  readonly cells: Drawn<CellPart>[];
  readonly roads: Drawn<RoadPart>[];
  readonly buildings: Drawn<BuildingPart>[];
}

/** Colours by the tokens of the page (css/field/themes.css). */
export interface Colours {
  readonly road: string;
  readonly water: string;
  readonly building: string;
  readonly edge: string;
  readonly cell: string;
  readonly ink: string;
  readonly paper: string;
  readonly chosen: string;
}

export type Marking = (building: BuildingPart) => string | null;

const WIDTHS: Record<string, number> = { trunk: 9, major: 7, minor: 5, lane: 3, path: 1.5 }; // metres, roughly half of it
const NAMES_FROM = 17;

export function sceneOf(cells: CellPart[], roads: RoadPart[], buildings: BuildingPart[]): Scene {
  return {
    cells: cells.map((thing) => ({ thing, box: boxOf(thing.rings) })),
    roads: roads.map((thing) => ({ thing, box: boxOf([thing.line]) })),
    buildings: buildings.map((thing) => ({ thing, box: boxOf(thing.rings) })),
  };
}

export function coloursOf(host: Element): Colours {
  const style = getComputedStyle(host);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    road: of("--ground-road"),
    water: of("--ground-water"),
    building: of("--ground-building"),
    edge: of("--line-strong"),
    cell: of("--accent"),
    ink: of("--ink"),
    paper: of("--surface"),
    chosen: of("--warn"),
  };
}

/** One drawing: `at` turns lon, lat into pixels of the canvas. */
export class Brush {
  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly at: (lon: number, lat: number) => L.Point,
    private readonly view: Box,
    private readonly zoom: number,
    private readonly colours: Colours,
  ) {}

  paint(scene: Scene, chosen: number | null, marking: Marking): void {
    const { context } = this;
    context.lineJoin = context.lineCap = "round";
    for (const { thing } of this.seen(scene.roads)) this.road(thing);
    for (const { thing } of this.seen(scene.buildings)) this.building(thing, thing.id === chosen, marking(thing));
    for (const { thing } of this.seen(scene.cells)) this.cell(thing);
    if (this.zoom >= NAMES_FROM) for (const one of this.seen(scene.buildings)) this.name(one);
  }

  private seen<Thing>(all: Drawn<Thing>[]): Drawn<Thing>[] {
    return all.filter((one) => boxesMeet(one.box, this.view));
  }

  private road({ kind, rank, line }: RoadPart): void {
    const { context, colours, zoom } = this;
    context.strokeStyle = kind === "river" ? colours.water : colours.road;
    context.lineWidth = Math.max(1, (WIDTHS[rank] ?? 4) * 2 ** (zoom - 17));
    context.setLineDash(kind === "rail" ? [8, 6] : []);
    context.beginPath();
    this.trace(line);
    context.stroke();
    context.setLineDash([]);
  }

  private building({ rings }: BuildingPart, chosen: boolean, mark: string | null): void {
    const { context, colours } = this;
    context.fillStyle = mark ?? (chosen ? colours.chosen : colours.building);
    context.strokeStyle = chosen ? colours.ink : colours.edge;
    context.lineWidth = chosen ? 3 : 1;
    context.beginPath();
    for (const ring of rings) (this.trace(ring), context.closePath());
    context.fill("evenodd");
    context.stroke();
  }

  private cell({ rings }: CellPart): void {
    const { context, colours } = this;
    context.beginPath();
    for (const ring of rings) (this.trace(ring), context.closePath());
    for (const [colour, width] of [[colours.paper, 6], [colours.cell, 3]] as const) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.stroke();
    }
  }

  /** The name where it fits, else the number in it, else nothing. */
  private name({ thing, box }: Drawn<BuildingPart>): void {
    const { context, colours } = this;
    const room = this.at(box.east, box.south).x - this.at(box.west, box.south).x;
    context.font = `600 13px ${getComputedStyle(document.body).fontFamily}`;
    const number = thing.label.match(/\d+(?=\D*$)/)?.[0] ?? "";
    const said = [thing.label, number].find((text) => text && context.measureText(text).width < room + 12);
    if (!said) return;
    const { x, y } = this.at(...middleOf(thing.rings));
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 4;
    context.strokeStyle = colours.paper;
    context.fillStyle = colours.ink;
    context.strokeText(said, x, y);
    context.fillText(said, x, y);
  }

  private trace(points: number[]): void {
    for (let i = 0; i < points.length; i += 2) {
      const { x, y } = this.at(points[i], points[i + 1]);
      if (i) this.context.lineTo(x, y);
      else this.context.moveTo(x, y);
    }
  }
}
