// Puts the units on the map page: their choice among the layers with its filter and legend, a mark for each building
// that holds any, and the table of those in view.
import type { Place } from "../address.ts";
import type { L } from "../map/leaflet.ts";
import { PointLayer } from "../points/layer.ts";
import { drawOn } from "../points/plates.ts";
import { byId, make } from "../ui/dom.ts";
import type { Panel } from "../ui/panel.ts";
import { t } from "../words.ts";
import type { Settings, UnitSettings, Workspace } from "../workspace.ts";
import { readMarks, unitsOf, type Answer } from "./marks.ts";
import { UNITS } from "./signs.ts";

export interface Units {
  /** The building whose mark is at a point, where marks are drawn. */
  pick(at: L.LatLng): Place | null;
}

/** Nothing to whom no units are offered. */
export function mountUnitsOn(map: L.Map, workspace: Workspace, { units: settings }: Settings, panel: Panel): Units | null {
  if (!settings) return null;
  const said = make("p", { class: "soft", role: "status" });
  const table = make("button", { type: "button", class: "button", id: "units-table" }, t("视野内的单位（表）"));
  const kind = chooser("units-kind", settings.kinds);
  const stand = chooser("units-stand", settings.stands);
  const wish = (box: string): string => `?${new URLSearchParams({ bbox: box, kind: kind.value, stand: stand.value })}`;
  byId("units-layer").append(said, labelled(t("单位类型"), kind), labelled(t("检查情况"), stand), table, legend(settings));
  const layer = new PointLayer<Answer>(map, {
    look: UNITS,
    above: 463, // over names, under components and incidents
    url: (box) => settings.here + wish(box),
    read: readMarks,
    from: settings.from,
    shown: () => workspace.now.shown.units,
    counted: (points, more) => {
      const far = workspace.now.shown.units ? t("地图放大到 {n} 级后显示。", { n: settings.from }) : "";
      const count = points && t("视野内 {n} 家单位，在 {b} 栋楼。", { n: unitsOf(points), b: points.length });
      said.textContent = [count ?? far, more ? t("太多，没有全部画出，请放大。") : ""].filter(Boolean).join(" ");
    },
  });
  for (const one of [kind, stand]) one.addEventListener("change", () => layer.renew());
  table.addEventListener("click", () => void panel.showPart(settings.list + wish(layer.view().map((side) => side.toFixed(6)).join(","))));
  workspace.on(["shown"], () => layer.refresh());
  layer.refresh();
  return {
    pick(at) {
      const found = layer.pick(at);
      return found && { kind: "building", key: found.code };
    },
  };
}

function chooser(id: string, offered: [string, string][]): HTMLSelectElement {
  const all: [string, string] = ["", t("全部")];
  const options = [all, ...offered].map(([value, name]) => make("option", { value }, name));
  return make("select", { id }, ...options);
}

function labelled(word: string, select: HTMLSelectElement): HTMLElement {
  return make("div", { class: "field" }, make("label", { for: select.id }, word), select);
}

function legend({ states, kinds }: UnitSettings): HTMLElement {
  const row = (picture: SVGElement, word: string): HTMLElement => make("li", {}, picture, make("span", {}, word));
  const pictured = kinds.filter(([code]) => UNITS.path(code) !== UNITS.path("other") || code === "other");
  return make(
    "details",
    { class: "parts-legend" },
    make("summary", {}, t("单位图例")),
    make("h3", {}, t("形状表示检查情况")),
    make("ul", {}, ...states.map(([state, word]) => row(drawOn(UNITS, "shop", state), word))),
    make("h3", {}, t("图形表示类型，数字表示同一栋楼有几家")),
    make("ul", {}, ...pictured.map(([code, word]) => row(drawOn(UNITS, code, "fine"), word))),
  );
}
