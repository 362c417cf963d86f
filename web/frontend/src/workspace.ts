// What the map page knows: the server's settings, and the state that all its parts share.
import type { Place } from "./address.ts";
import type { HeatSettings } from "./heat/settings.ts";
import type { ReportSettings } from "./report/order.ts";
import type { ServiceSettings } from "./service/settings.ts";
import type { Compare, Indicator, Wish } from "./figures/question.ts";
import type { Scale } from "./figures/scale.ts";
import { rememberedStyle, type Style } from "./figures/style.ts";
import type { Figures } from "./figures/values.ts";
import type { LiveSettings, LiveState } from "./live/feed.ts";
import type { News } from "./live/news.ts";
import { Store } from "./store.ts";

export interface BaseMap {
  id: string;
  name: string;
  url: string;
  labels?: string;
  attribution: string;
  crs: "wgs84" | "gcj02";
  maxZoom: number;
  subdomains: string;
}

export interface Settings {
  tiles: Record<"base" | "areas" | "cells" | "buildings", string>;
  minZoom: Record<"base" | "areas" | "cells" | "buildings", number>;
  maxDataZoom: number;
  bounds: [number, number, number, number] | null;
  language: string;
  baseMaps: BaseMap[];
  indicators: Indicator[];
  layers: string[];
  heat: HeatSettings | null;
  report: ReportSettings;
  /** Null where no live feed is served. `record` is the page of a case, NUMBER standing for its number; `incidents`
   * whether the reader may see any. */
  live: (LiveSettings & { states: Record<string, string>; record: string; incidents: boolean }) | null;
  service: ServiceSettings;
  /** Where the incidents' parts come from; null to whom they are not offered. */
  incidents: (Record<"clusters" | "here" | "filter" | "list", string> & { report?: string }) | null;
  /** Components of the city: addresses, the zoom from which they are drawn, names of signs and conditions. */
  components: { here: string; list: string; from: number; signs: [string, string][]; conditions: [string, string][] };
  /** Null to whom no units are offered. */
  units: UnitSettings | null;
  urls: Record<"values" | "listed" | "places" | "at" | "search" | "sign-in" | "panel" | "risk", string> & { people: string | null };
}

/** Units 实有单位: addresses, the zoom from which they are drawn, what they may be narrowed to, names of their states. */
export interface UnitSettings {
  here: string;
  list: string;
  from: number;
  kinds: [string, string][];
  stands: [string, string][];
  states: [string, string][];
}

export type Shown = Record<"buildings" | "cells" | "communities" | "streets" | "labels" | "components" | "units", boolean>;

export interface State {
  place: Place | null;
  hovered: Place | null;
  /** Level that carries figures: "cells", "community" … */
  level: string;
  /** Indicator, "" for none. */
  indicator: string;
  days: number;
  kind: string;
  compare: Compare;
  /** Grows when figures of the same name have changed, such as a score whose weights have. */
  edition: number;
  figures: Figures | null;
  scale: Scale | null;
  style: Style;
  /** Class of the scale that is held up, null for all. */
  lit: number | null;
  /** Code of the area whose places the table lists, "" for all. */
  within: string;
  shown: Shown;
  baseMap: string;
  /** What was committed last, in scope. */
  news: News | null;
  live: LiveState | null;
}

export type Workspace = Store<State>;

const KEPT = "wangge.map.shown";
const ALL: Shown = { buildings: true, cells: true, communities: true, streets: true, labels: true, components: false, units: false };

/** What this browser showed last; no figure and no place is kept. */
export function rememberedShown(): Shown {
  try {
    return { ...ALL, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Shown>) };
  } catch {
    return ALL;
  }
}

export function rememberShown(shown: Shown): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(shown));
  } catch {
    // a browser that keeps nothing still shows everything
  }
}

/** Show a layer, as the address or the reader asks. */
export function showLayer(workspace: Workspace, layer: keyof Shown): void {
  if (workspace.now.shown[layer]) return;
  workspace.set({ shown: { ...workspace.now.shown, [layer]: true } });
  rememberShown(workspace.now.shown);
}

export function readSettings(): Settings {
  return JSON.parse(document.getElementById("map-settings")?.textContent ?? "{}") as Settings;
}

export function newWorkspace(level: string, wish: Wish): Workspace {
  return new Store<State>({
    place: null,
    hovered: null,
    level,
    ...wish,
    edition: 0,
    figures: null,
    scale: null,
    style: rememberedStyle(),
    lit: null,
    within: "",
    shown: rememberedShown(),
    baseMap: "own",
    news: null,
    live: null,
  });
}
