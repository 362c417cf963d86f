// What the tool is set to, what the server answers, and how to ask it.

export interface Named {
  code: string;
  name: string;
}

export interface Kind extends Named {
  minutes: number;
  /** Age bands it serves; none where it serves a need. */
  bands: string[];
  everybody: boolean;
  need: string;
  capacity: number | null;
}

export interface ServiceSettings {
  urls: Record<"all" | "try" | "best" | "around" | "points" | "proposals" | "buildings" | "map", string>;
  kinds: Kind[];
  bands: Named[];
  needs: Named[];
  speed: number;
  slow: number;
  mostSites: number;
  mayEdit: boolean;
  mayCount: boolean;
  proposal: string | null;
}

export type Position = [longitude: number, latitude: number];

export interface Point {
  id: number;
  name: string;
  at: Position;
  opening: string;
  capacity: number | null;
  /** What it can serve: its own capacity, or where it says none (`usual`) the kind's. */
  serves: number | null;
  usual: boolean;
  people: number | null;
  expected: number | null;
  percent: number | null;
  perHundred: number | null;
  mine: boolean;
  inside: boolean;
}

export interface Homes {
  ids: number[];
  /** Degrees × 10⁵, longitude and latitude in turn. */
  at: number[];
  /** Tenths of minutes; −1 where no way is known. */
  tenths: number[];
  estimated: number;
  unknown: number;
}

/** `null` is withheld. */
export interface Figure extends Named {
  people: number | null;
  beyond: number | null;
  share: number | null;
  served?: boolean;
}

export interface Beyond {
  total: Figure;
  ages: Figure[];
  needs: Figure[];
  places: Figure[];
  rounded: boolean;
}

export interface Answer {
  kind: string;
  name: string;
  minutes: number;
  slow: boolean;
  roads: boolean;
  detour: number;
  points: Point[];
  homes: Homes;
  beyond: Beyond | null;
  source: string;
}

export interface Gain {
  people: number;
  ages: { name: string; people: number }[];
}

export interface Effect {
  each: Gain[];
  together: Gain;
  people: number;
  beyond: number;
  rounded: boolean;
}

export interface Site {
  at: Position;
  name: string;
}

export interface Best {
  sites: Site[];
  how: "exact" | "greedy" | "interchange";
  gap: number | null;
  candidates: number;
  effect: Effect | null;
}

export interface Proposal {
  uuid: string;
  name: string;
  kind: string;
  minutes: number;
  sites: Position[];
  area: string;
  mine: boolean;
  savedAt: string;
}

export type Tab = "who" | "points" | "sites";

export interface ServiceState {
  open: boolean;
  kind: string;
  group: string;
  minutes: number;
  speed: number;
  slow: number;
  area: string;
  load: "nearest" | "shared";
  tab: Tab;
  answer: Answer | null;
  sites: Site[];
  effect: Effect | null;
  best: Best | null;
  /** What the next click on the map puts down. */
  arming: "" | "site" | "point";
  /** The point whose row and outline are shown. */
  chosen: number | null;
  proposals: Proposal[];
}

export function firstState({ kinds, speed, slow }: ServiceSettings): ServiceState {
  const kind = kinds.find(({ code }) => code === "canteen") ?? kinds[0];
  const nothing = { answer: null, sites: [], effect: null, best: null, chosen: null, proposals: [] };
  return {
    open: false, kind: kind?.code ?? "", group: "", minutes: kind?.minutes ?? 15, speed, slow, area: "",
    load: "nearest", tab: "who", arming: "", ...nothing,
  };
}

export function queryOf(state: ServiceState, more: Record<string, string> = {}): URLSearchParams {
  const { kind, group, minutes, speed, slow, area } = state;
  const query = new URLSearchParams({ kind, minutes: String(minutes), speed: String(speed), slow: String(slow), ...more });
  if (group) query.set("group", group);
  if (area) query.set("area", area);
  return query;
}

export function sayPositions(sites: { at: Position }[]): string {
  return sites.map(({ at }) => at.map((degrees) => degrees.toFixed(6)).join(",")).join(";");
}
