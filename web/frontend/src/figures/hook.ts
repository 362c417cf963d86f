// Puts figures on the map page: the chooser, the legend and the ranked table, and keeps them those of the choice.
import type { Place } from "../address.ts";
import type { L } from "../map/leaflet.ts";
import { showBounds } from "../map/view.ts";
import type { Places } from "../places.ts";
import { mountAsking } from "../ui/asking.ts";
import { mountChooser } from "../ui/chooser.ts";
import { byId, make } from "../ui/dom.ts";
import { mountFinder } from "../ui/finder.ts";
import { mountLegend } from "../ui/legend.ts";
import { mountRanking } from "../ui/ranking.ts";
import { mountStyling } from "../ui/styling.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import type { NumberFormat } from "./format.ts";
import { keepFigures } from "./keeping.ts";
import { csvOf, type Named } from "./order.ts";
import { saveText } from "./saving.ts";
import type { Figures } from "./values.ts";

interface Wishes {
  format: NumberFormat;
  choose(place: Place): void;
  places(): Places;
}

export interface FiguresOnMap {
  /** Names of places have come. */
  renamed(): void;
}

export function mountFiguresOn(map: L.Map, workspace: Workspace, settings: Settings, wishes: Wishes): FiguresOnMap {
  const { indicators } = settings;
  const { format } = wishes;
  mountChooser(byId<HTMLSelectElement>("indicator"), workspace, indicators);
  mountFinder(byId("indicator-find"), byId("indicator-finder"), workspace, indicators);
  mountAsking(byId("asking"), workspace, indicators, settings.heat);
  mountLegend(byId("legend"), workspace, format);
  mountStyling(byId("styling"), workspace);
  const only = byId<HTMLInputElement>("only-in-view");
  const describe = (figures: Figures, row: number): Named => {
    const { codes, names } = figures.list;
    const [name, parent] = wishes.places().nameAndParent(codes[row], names[row]);
    return { name, parent };
  };
  const drill = (code: string): void => {
    const { figures, level } = workspace.now;
    const row = figures?.list.rowOfCode.get(code);
    if (!figures || row === undefined) return;
    const { west, south, east, north } = figures.list;
    showBounds(map, [west[row], south[row], east[row], north[row]], 17);
    workspace.set({ level: finer(settings.layers, level) ?? level, within: code });
  };
  const ranking = mountRanking(byId("ranking"), workspace, format, {
    choose: wishes.choose,
    describe,
    get drill() {
      return finer(settings.layers, workspace.now.level) ? drill : null;
    },
    wanted: (figures) => wantedIn(map, figures, only.checked, workspace.now.within),
  });
  only.addEventListener("change", () => ranking.render());
  map.on("moveend", () => only.checked && ranking.render());
  const showTrail = () => byId("ranking-trail").replaceChildren(...trail(workspace, settings, wishes.places()));
  workspace.on(["within", "level"], () => (showTrail(), ranking.render()));
  byId("ranking-save").addEventListener("click", () => {
    const { figures, indicator, days } = workspace.now;
    const chosen = indicators.find((one) => one.code === indicator);
    if (!figures || !chosen) return;
    const title = chosen.takes.includes("days") ? `${chosen.name} ${t("{count} 天", { count: days })}` : chosen.name;
    const text = csvOf(figures, ranking.rows(), title, format, (row) => describe(figures, row));
    saveText(`${title} ${figures.at.slice(0, 10)}.csv`, text);
  });
  keepFigures(workspace, settings);
  return { renamed: () => (showTrail(), ranking.render()) };
}

/** The next smaller layer that has places. Layers come from the finest to the coarsest. */
export function finer(layers: string[], level: string): string | undefined {
  return layers[layers.indexOf(level) - 1];
}

function wantedIn(map: L.Map, { list }: Figures, inView: boolean, within: string): (row: number) => boolean {
  const bounds = map.getBounds();
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const seen = (row: number) =>
    list.west[row] <= east && list.east[row] >= west && list.south[row] <= north && list.north[row] >= south;
  return (row) => (!within || list.codes[row].startsWith(within)) && (!inView || seen(row));
}

/** Where one has drilled down to, with the way back up. */
function trail(workspace: Workspace, { layers }: Settings, places: Places): Node[] {
  const { within } = workspace.now;
  if (!within) return [];
  const step = (name: string, change: { within: string; level?: string }, here: boolean) => {
    const button = make("button", { type: "button", class: "quiet", "aria-current": here ? "location" : null }, name);
    button.addEventListener("click", () => workspace.set(change));
    return button;
  };
  const above = [6, 9, 12].filter((digits) => digits <= within.length).map((digits) => within.slice(0, digits));
  const steps = above
    .filter((code) => places.get(code))
    .map((code) => {
      const level = finer(layers, LEVEL_OF[code.length]);
      return step(places.get(code)?.name ?? code, { within: code, level }, code === within);
    });
  return [step(t("全部"), { within: "" }, false), ...steps];
}

const LEVEL_OF: Record<number, string> = { 6: "district", 9: "street", 12: "community" };
