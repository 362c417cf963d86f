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
  /** Its name in pinyin, a blank between syllables: `jxbq` finds it. A pack made before has none. */
  readonly sound?: string;
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

/** Building, key, unit, floor, room, state, last answer, day verified, day tried ("" for never). */
export type DoorRow = [number, number, string, number | null, string, string, string, string, string];

/** Who lives or is registered behind a door, as this reader may see them. */
export interface PersonPart {
  readonly stay: number;
  readonly resident: number;
  readonly kind: string;
  readonly name: string;
  readonly relation: string;
  readonly sex: string;
  readonly age: number | null;
  readonly population: string;
  readonly phone: string;
  readonly identity: string;
  readonly confirmed: string;
  readonly needs: string[];
  /** The household behind the door, 0 for none; what is to be asked. A pack made before has neither. */
  readonly household?: number;
  readonly asks?: readonly string[];
  /** The day the next visit is due and that of the last one in vain. */
  readonly due?: string;
  readonly tried?: string;
}

/** Code → name of the lists that a door's form offers; whether invented identity numbers are accepted. */
export interface CodesPart {
  readonly relation: Record<string, string>;
  readonly document: Record<string, string>;
  /** Why people move; the streets and communities they may go to: code and name. A pack made before has neither. */
  readonly reason?: Record<string, string>;
  readonly elsewhere?: readonly (readonly [string, string])[];
  readonly invented: boolean;
}

export interface CategoryPart {
  readonly id: number;
  readonly code: string;
  readonly major: string;
  readonly name: string;
  readonly urgent: boolean;
  /** Everything it is found by, lower case: names, other words, initials, pinyin. */
  readonly keys: string;
  /** "Other": it needs a description or a photo. */
  readonly wordy: boolean;
}

/** An incident that is open in the worker's own cells. */
export interface OpenIncidentPart {
  readonly number: string;
  readonly category: number;
  readonly major: string;
  readonly name: string;
  readonly place: string;
  readonly lat: number;
  readonly lon: number;
  /** When it was reported, seconds since 1970. */
  readonly at: number;
  readonly state: string;
  /** The key of the component it is about. A pack made before has none. */
  readonly component?: number | null;
}

/** Key, code, class, lon, lat. */
export type ComponentRow = [number, string, string, number, number];

/** What a report may point at, and its classes: code → name and code of the category that suits a report about one. */
export interface ComponentsPart {
  readonly classes: Record<string, [string, string]>;
  readonly rows: ComponentRow[];
}

/** An open unit 实有单位, as this reader may see it; days as 2026-05-20, "" for none. */
export interface OrganisationPart {
  readonly id: number;
  readonly building: number;
  readonly name: string;
  readonly kind: string;
  readonly door: string;
  readonly person: string;
  /** Its last digits. */
  readonly phone: string;
  readonly staff: number | null;
  /** Codes of what the last check found. */
  readonly hazards: readonly string[];
  readonly checked: string;
  readonly due: string;
}

/** The units of the ground, and the lists their forms offer: code and name, in their order. */
export interface OrganisationsPart {
  readonly rows: readonly OrganisationPart[];
  readonly kinds: readonly (readonly [string, string])[];
  readonly hazards: readonly (readonly [string, string])[];
  readonly outcomes: readonly (readonly [string, string])[];
}

/** Name of a part → its content. */
export interface Parts {
  cells: CellPart[];
  workers: WorkerPart[];
  ground: GroundPart;
  visits: VisitsPart;
  doors: DoorRow[];
  /** By the key of the door. */
  households: Record<string, PersonPart[]>;
  codes: CodesPart;
  organisations: OrganisationsPart;
  categories: CategoryPart[];
  incidents: OpenIncidentPart[];
  components: ComponentsPart;
}
