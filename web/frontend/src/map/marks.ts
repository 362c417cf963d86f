// What lies over the squares: names and figures, and the outlines of the chosen place and of the one pointed at.
import { samePlace, type Place } from "../address.ts";
import type { Look } from "../drawing/look.ts";
import type { NumberFormat } from "../figures/format.ts";
import { sayOnMap } from "../figures/saying.ts";
import type { Words } from "../labels/candidates.ts";
import type { Places } from "../places.ts";
import type { Workspace } from "../workspace.ts";
import { labelsOn } from "./labels.ts";
import type { L } from "./leaflet.ts";
import { areaOfOutlines, HOVERED, paintOutlines, SELECTED, type Pen, type Target } from "./outlines.ts";
import { makeOverlay, type Overlay } from "./overlay.ts";
import type { Pictures } from "./pictures.ts";
import type { Squares } from "./squares.ts";

interface Wishes {
  look(): Look;
  places(): Places;
  format: NumberFormat;
}

export class Marks {
  readonly labels: Overlay;
  readonly outlines: Overlay;
  /** First lines of all labels on screen. */
  written: string[] = [];

  constructor(
    private readonly map: L.Map,
    private readonly workspace: Workspace,
    private readonly squares: Squares,
    private readonly pictures: Pictures,
    private readonly wishes: Wishes,
  ) {
    this.labels = makeOverlay(
      "labels",
      (bounds) => this.labelled(bounds),
      (area, sharp) => this.writeLabels(area, sharp),
    );
    this.outlines = makeOverlay(
      "outlines",
      (bounds) => areaOfOutlines(squares.shown(bounds), map, this.outlined(), bounds),
      (area, sharp) => paintOutlines(squares.shown(area), map, this.outlined(), area, sharp),
    );
  }

  get busy(): boolean {
    return this.labels.busy || this.outlines.busy;
  }

  addTo(map: L.Map): void {
    this.outlines.addTo(map);
    this.labels.addTo(map);
  }

  redrawSoon(): void {
    this.labels.redrawSoon();
    this.outlines.redrawSoon();
  }

  private labelled(bounds: L.Bounds): L.Bounds | null {
    if (this.workspace.now.shown.labels) return bounds;
    this.written = [];
    return null;
  }

  private writeLabels(area: L.Bounds, sharp: number): Promise<ImageBitmap | null> {
    const labels = labelsOn(this.squares.shown(area), this.map, this.wishes.look(), this.words());
    this.written = labels.map((label) => label.lines[0]);
    const [{ x: left, y: top }, { x: width, y: height }] = [area.min as L.Point, area.getSize()];
    return this.pictures.write(labels, { left, top, width, height, sharp });
  }

  private words(): Words {
    const { figures } = this.workspace.now;
    const { format } = this.wishes;
    return {
      nameOf: (code, name) => this.wishes.places().shortName(code, name),
      figureOf: (id) => (figures ? sayOnMap(figures, id, format) : ""),
    };
  }

  /** The place under the pointer and over it the chosen one. */
  private outlined(): [Target, Pen][] {
    const { place, hovered } = this.workspace.now;
    const found: [Target, Pen][] = [];
    if (!samePlace(hovered, place)) for (const target of this.targetsOf(hovered)) found.push([target, HOVERED]);
    for (const target of this.targetsOf(place)) found.push([target, SELECTED]);
    return found;
  }

  /** What is outlined of a place: an incident and a component have no outline. */
  private targetsOf(place: Place | null): Target[] {
    if (!place || place.kind === "incident" || place.kind === "component") return [];
    const { kind, key } = place;
    if (kind === "building") return [{ kind, id: Number(key) }];
    const list = this.workspace.now.figures?.list;
    const row = list?.rowOfCode.get(key);
    return [{ kind, code: key, id: list && row !== undefined ? list.ids[row] : undefined }];
  }
}
