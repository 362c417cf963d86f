// Puts the components of the city on the map page: their choice among the layers with its legend, the pictures on the
// map, and the table of those in view, which leads to each of them without pointing at the map.
import { samePlace, type Place } from "../address.ts";
import { concernsIncidents } from "../live/news.ts";
import { atMostEvery } from "../live/pace.ts";
import type { L } from "../map/leaflet.ts";
import { keepInSight, showPoint } from "../map/view.ts";
import { PointLayer } from "../points/layer.ts";
import { byId, make } from "../ui/dom.ts";
import type { Panel } from "../ui/panel.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { readParts, type Answer } from "./parts.ts";
import { COMPONENTS, drawSign } from "./signs.ts";

const CALM_MS = 2000;

export interface Components {
  /** The component at a point, where they are drawn. */
  pick(at: L.LatLng): Place | null;
}

interface Wishes {
  panel: Panel;
  choose(place: Place): void;
}

export function mountComponentsOn(map: L.Map, workspace: Workspace, { components: settings }: Settings, { panel, choose }: Wishes): Components {
  const said = make("p", { class: "soft", role: "status" });
  const table = make("button", { type: "button", class: "button", id: "components-table" }, t("视野内的部件（表）"));
  byId("components-layer").append(said, table, legend(settings.signs, settings.conditions));
  const layer: PointLayer<Answer> = new PointLayer<Answer>(map, {
    look: COMPONENTS,
    above: 465, // over names, under incidents
    url: (box) => `${settings.here}?bbox=${box}`,
    read: readParts,
    from: settings.from,
    shown: () => workspace.now.shown.components,
    counted: (parts, more) => {
      const open = parts?.filter(({ condition }) => condition === "reported").length ?? 0;
      const far = workspace.now.shown.components ? t("地图放大到 {n} 级后显示。", { n: settings.from }) : "";
      const count = parts && t("视野内 {n} 个，{open} 个有未结事件。", { n: parts.length, open });
      said.textContent = [count ?? far, more ? t("太多，没有全部画出，请放大。") : ""].filter(Boolean).join(" ");
    },
  });
  const list = (): void => void panel.showPart(`${settings.list}?bbox=${layer.view().map((side) => side.toFixed(6)).join(",")}`);
  table.addEventListener("click", list);
  workspace.on(["shown"], () => layer.refresh());
  workspace.on(["news"], ({ news }) => news && concernsIncidents(news) && renew());
  const renew = atMostEvery(CALM_MS, () => layer.renew());
  byId("panel").addEventListener("panel:shown", () => markChosen(map, workspace, layer));
  byId("panel-body").addEventListener("click", (event) => {
    const { ctrlKey, metaKey, target } = event as MouseEvent;
    const code = (target as Element).closest<HTMLElement>("[data-component]")?.dataset.component;
    if (!code || ctrlKey || metaKey) return;
    event.preventDefault();
    const [place, before]: [Place, Place | null] = [{ kind: "component", key: code }, workspace.now.place];
    if (samePlace(place, before)) void panel.show(place); // the table covers the card of the one that is chosen
    else choose(place);
  });
  layer.refresh();
  return {
    pick(at) {
      const found = layer.pick(at);
      return found && { kind: "component", key: found.code };
    },
  };
}

/** The one whose panel is open has a ring, also where the layer is off or the map too far away. */
function markChosen(map: L.Map, workspace: Workspace, layer: PointLayer<Answer>): void {
  const { place } = workspace.now;
  const { dataset } = byId("panel-body").querySelector<HTMLElement>("[data-kind=component]") ?? {};
  if (place?.kind !== "component" || !dataset || dataset.code !== place.key) return layer.choose(null);
  const [lat, lng] = [Number(dataset.lat), Number(dataset.lon)];
  const { code = "", sign = "other", condition = "intact" } = dataset;
  layer.choose({ lat, lng, code, name: "", sign, condition });
  if (map.getBounds().contains([lat, lng])) keepInSight(map, [lng, lat, lng, lat]);
  else showPoint(map, lat, lng, Math.max(map.getZoom(), 18));
}

function legend(signs: [string, string][], conditions: [string, string][]): HTMLElement {
  const row = (picture: SVGElement, word: string): HTMLElement => make("li", {}, picture, make("span", {}, word));
  return make(
    "details",
    { class: "parts-legend" },
    make("summary", {}, t("部件图例")),
    make("h3", {}, t("形状表示状态")),
    make("ul", {}, ...conditions.map(([value, word]) => row(drawSign("lamp", value), word))),
    make("h3", {}, t("图形表示类别")),
    make("ul", {}, ...signs.map(([sign, word]) => row(drawSign(sign), word))),
  );
}
