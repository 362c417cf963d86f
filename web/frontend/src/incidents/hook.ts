// Puts the incidents on the map page: their button among the tools, the filter's bar, clusters, list and case panel.
//
// What the live feed tells of incidents, and whoever calls `refresh()`, has clusters, counts and the numbers beside the
// filter's choices asked for again, at most once a second however often it comes.
import type { Place } from "../address.ts";
import { makeFilterBar } from "../filter/bar.ts";
import type { IncidentFilter } from "../filter/filter.ts";
import { icon } from "../heat/bar.ts";
import { concernsIncidents } from "../live/news.ts";
import { atMostEvery } from "../live/pace.ts";
import type { L } from "../map/leaflet.ts";
import { dropPin, putPin } from "../map/pin.ts";
import { byId, make } from "../ui/dom.ts";
import type { Panel } from "../ui/panel.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { offerReportHere } from "./here.ts";
import { IncidentLayer } from "./layer.ts";
import { makeHereList } from "./list.ts";

const CLUSTER = "M9 4.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM17.5 13a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM17.5 4.5a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM7 17.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z";
const CALM_MS = 1000;

export interface Incidents {
  refresh(): void;
}

interface Wishes {
  filter: IncidentFilter;
  panel: Panel;
  choose(place: Place): void;
}

/** Nothing where the reader's role sees no incident. */
export function mountIncidentsOn(map: L.Map, workspace: Workspace, settings: Settings, { filter, panel, choose }: Wishes): Incidents | null {
  const { incidents: urls, language } = settings;
  if (!urls) return null;
  if (urls.report) offerReportHere(map, urls.report);
  const chooseNumber = (number: string): void => choose({ kind: "incident", key: number });
  const address = (box: string): string => `${urls.here}?bbox=${box}&${filter.now.query}`;
  const list = makeHereList(byId("panel-body"), panel, address, chooseNumber);
  const bar = makeFilterBar(filter, { urls, language, listHere: () => list.show(layer.view()) });
  const layer = new IncidentLayer(map, filter, { url: urls.clusters, language, counted: bar.count, choose: chooseNumber, list: list.show });
  byId("workspace").append(bar.root);
  const button = makeButton(filter);
  const show = (): void => {
    const { shown } = filter.now;
    button.setAttribute("aria-pressed", String(shown));
    bar.root.hidden = !shown && !byId("workspace").classList.contains("has-heat");
    byId("workspace").classList.toggle("has-filter", !bar.root.hidden);
    bar.refresh();
  };
  filter.on(["shown", "query"], show);
  byId("workspace").addEventListener("heat:opened", show);
  byId("panel").addEventListener("panel:shown", () => markShown(map, workspace, layer));
  show();
  layer.showOrHide();
  const refresh = atMostEvery(CALM_MS, () => (layer.refreshSoon(0), bar.refresh()));
  workspace.on(["news"], ({ news }) => news && concernsIncidents(news) && refresh());
  return { refresh };
}

function makeButton(filter: IncidentFilter): HTMLElement {
  const name = t("事件");
  const button = make("button", { id: "incidents-button", type: "button", class: "tool", "aria-pressed": "false", "aria-label": name, title: name }, icon(CLUSTER));
  // Who asks for nothing yet wants to see what is still to be done, and the bar says so.
  button.addEventListener("click", () => filter.choose({ shown: !filter.now.shown, query: filter.now.query || (filter.now.shown ? "" : "state=open") }));
  byId("layers-button").after(button);
  return button;
}

/** The case whose panel is open has a pin, also where it is hidden in a cluster or the layer is off. */
function markShown(map: L.Map, workspace: Workspace, layer: IncidentLayer): void {
  const { place } = workspace.now;
  const said = byId("panel-body").querySelector<HTMLElement>("[data-lat]");
  const number = place?.kind === "incident" ? place.key : "";
  layer.markChosen(number);
  if (!number || !said) return;
  const [lat, lng] = [Number(said.dataset.lat), Number(said.dataset.lon)];
  dropPin();
  putPin(map, [lat, lng], "", "");
  if (!map.getBounds().contains([lat, lng])) map.panTo([lat, lng]);
}
