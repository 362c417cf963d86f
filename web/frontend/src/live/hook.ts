// Puts the live feed on the map page. Other parts hear it from the workspace:
//
//   workspace.on(["news"], ({ news }) => news && concernsIncidents(news) && refresh());
//   workspace.on(["live"], ({ live }) => …);   // how the connection is
//
// A page without a workspace opens the feed itself: see feed.ts.
import type { SetName } from "../drawing/look.ts";
import type { L } from "../map/leaflet.ts";
import { putPin } from "../map/pin.ts";
import { SETS } from "../map/square.ts";
import { showPoint } from "../map/view.ts";
import { byId } from "../ui/dom.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { Board } from "./board.ts";
import { openFeed } from "./feed.ts";
import { Flashes } from "./flash.ts";
import type { LiveIncident, News } from "./news.ts";
import { sayIncident } from "./saying.ts";

declare global {
  interface Window {
    /** What tests and measurements ask. */
    wanggeLive: { state(): string; painted(): Painted[] };
  }
}

/** Number and state of an incident, and when the frame with it had been painted, ms of the epoch. */
type Painted = [number: string, state: string, at: number];
const MOST_NOTED = 5_000;

/** Nothing where no feed is served. */
export function mountLiveOn(map: L.Map, workspace: Workspace, { live: settings, language }: Settings, renewShapes: (sets: SetName[]) => void): void {
  if (!settings) return;
  const { states } = settings;
  const addressOf = ({ number }: LiveIncident): string => settings.record.replace("NUMBER", encodeURIComponent(number));
  const flashes = new Flashes(map);
  const feed = openFeed(settings);
  const board = new Board({
    language,
    incidents: settings.incidents,
    states,
    addressOf,
    pointAt: ({ lat, lon }) => flashes.show(lat, lon),
    showOnMap(incident) {
      showPoint(map, incident.lat, incident.lon, Math.max(17, map.getZoom()));
      putPin(map, [incident.lat, incident.lon], sayIncident(incident, states), incident.number, addressOf(incident));
    },
    retry: () => feed.retry(),
  });
  byId("workspace").append(board.root);
  stayBelow(board.root, document.getElementById("filter"));
  feed.onState((live) => {
    board.showState(live);
    workspace.set({ live });
  });
  const painted: Painted[] = [];
  window.wanggeLive = { state: () => feed.state.kind, painted: () => painted };
  feed.onNews((news) => {
    notePainted(news, painted);
    for (const { lat, lon } of news.incidents) flashes.show(lat, lon);
    board.tell(news);
    workspace.set({ news });
    const sets = SETS.filter((set) => news.tiles === "all" || news.tiles.includes(set));
    if (sets.length) renewShapes(sets);
  });
}

function notePainted({ incidents }: News, painted: Painted[]): void {
  requestAnimationFrame(() =>
    setTimeout(() => {
      const at = performance.timeOrigin + performance.now();
      for (const { number, state } of incidents) painted.push([number, state, at]);
      painted.splice(0, painted.length - MOST_NOTED);
    }),
  );
}

/** The filter of incidents unfolds where the button would stand. */
function stayBelow(root: HTMLElement, filter: HTMLElement | null): void {
  if (!filter) return;
  const gap = 10;
  const move = (): void => root.style.setProperty("--filter", `${filter.offsetHeight && filter.offsetHeight + gap}px`);
  new ResizeObserver(move).observe(filter);
}
