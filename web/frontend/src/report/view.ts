// What is on the screen, put into the words a report is ordered with.
import { readSearch } from "../filter/filter.ts";
import type { L } from "../map/leaflet.ts";
import type { Workspace } from "../workspace.ts";
import type { View } from "./order.ts";

/** `within`: only what the window shows; otherwise all of the reader's area. */
export function viewOf(map: L.Map, workspace: Workspace, within: boolean): View {
  const { level, indicator, days, kind, compare, scale } = workspace.now;
  const incidents = readSearch(location.search);
  const bounds = map.getBounds();
  return {
    layer: level,
    indicator,
    days,
    categories: kind[0] === "c" ? [Number(kind.slice(1))] : [],
    majors: kind[0] === "m" ? [kind.slice(1)] : [],
    change: compare,
    area: "",
    box: within ? [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()] : null,
    breaks: scale ? [...scale.breaks] : [],
    colours: scale?.breaks.length ? [...scale.colours] : [],
    incidents: incidents.shown ? incidents.query : null,
  };
}
