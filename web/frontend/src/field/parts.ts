// What the parts of the pack hold; a part's server side is a file in web/field/ and a line in web/field/pack.py.
import type { VisitsPart } from "./day/part.ts";

/** Rings of lon, lat pairs in EPSG:4326: [[lon, lat, lon, lat, …], …]; by the even-odd rule holes are holes. */
export type Rings = number[][];

export interface CellPart {
  readonly code: string;
  readonly name: string;
  readonly community: string;
  readonly rings: Rings;
}

export interface WorkerPart {
  readonly cell: string;
  readonly name: string;
  readonly phone: string;
}

export interface RoadPart {
  readonly name: string;
  readonly kind: string;
  readonly rank: string;
  /** lon, lat, lon, lat … */
  readonly line: number[];
}

export interface BuildingPart {
  readonly id: number;
  readonly code: string;
  readonly label: string;
  readonly address: string;
  readonly kind: string;
  /** The code of its cell, or of its community where no cell holds it. */
  readonly area: string;
  readonly floors: number | null;
  readonly units: number | null;
  readonly rings: Rings;
}

export interface GroundPart {
  readonly roads: RoadPart[];
  readonly buildings: BuildingPart[];
}

/** Name of a part → its content. */
export interface Parts {
  cells: CellPart[];
  workers: WorkerPart[];
  ground: GroundPart;
  visits: VisitsPart;
}
