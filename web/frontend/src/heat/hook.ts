// Puts the heat map on the map page: its button among the tools, its bar over the map.
import { concernsIncidents } from "../live/news.ts";
import { atMostEvery } from "../live/pace.ts";
import type { IncidentFilter } from "../filter/filter.ts";
import type { L } from "../map/leaflet.ts";
import { byId, make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { icon } from "./bar.ts";
import { mountHeat } from "./heat.ts";

const FLAME = "M12 3c.6 3.4 4.8 5.6 4.8 10.2a4.8 4.8 0 0 1-9.6 0c0-1.7.7-3 1.6-4.1.3 1.3 1 2 1.8 2.3C10.2 8.6 10.6 5.6 12 3z";

const RENEWED_MS = 3000;

/** Nothing where the reader's role sees no incident. */
export function mountHeatOn(map: L.Map, workspace: Workspace, { heat: settings, language }: Settings, filter: IncidentFilter): void {
  if (!settings) return;
  const name = t("事件热力图");
  const button = make("button", { id: "heat-button", type: "button", class: "tool", "aria-expanded": "false", "aria-controls": "heat", "aria-label": name, title: name }, icon(FLAME));
  let indicator = "";
  const opened = (open: boolean): void => {
    button.setAttribute("aria-expanded", String(open));
    byId("workspace").classList.toggle("has-heat", open);
    byId("workspace").dispatchEvent(new Event("heat:opened"));
    // Two sets of the same warm colours over each other could not be read.
    if (open) indicator = workspace.now.indicator;
    workspace.set({ indicator: open ? "" : workspace.now.indicator || indicator });
    if (!open) button.focus({ preventScroll: true });
  };
  const pointedAt = (density: string): void => void (byId("map-tip").dataset.density = density);
  const heat = mountHeat(map, byId("workspace"), settings, filter, { language, opened, pointedAt });
  const renew = atMostEvery(RENEWED_MS, () => heat.renew());
  workspace.on(["news"], ({ news }) => news && concernsIncidents(news) && renew());
  button.addEventListener("click", () => heat.toggle());
  byId("layers-button").after(button);
}
