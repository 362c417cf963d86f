import { asksForPin, readAddress, samePlace, writeAddress, type Place } from "./address.ts";
import { mountComponentsOn, type Components } from "./components/hook.ts";
import type { ColouredLook, SetName } from "./drawing/look.ts";
import { NumberFormat } from "./figures/format.ts";
import { mountFiguresOn, type FiguresOnMap } from "./figures/hook.ts";
import { readWish, writeWish, type Wish } from "./figures/question.ts";
import { shadeIn } from "./figures/scale.ts";
import { IncidentFilter } from "./filter/filter.ts";
import { mountHeatOn } from "./heat/hook.ts";
import { mountIncidentsOn } from "./incidents/hook.ts";
import { mountLiveOn } from "./live/hook.ts";
import { pictureLayer } from "./map/base_maps.ts";
import { Marks } from "./map/marks.ts";
import { density, type L } from "./map/leaflet.ts";
import { Pictures } from "./map/pictures.ts";
import { dropPin, putPin } from "./map/pin.ts";
import { dropRoad, showRoad } from "./map/road.ts";
import { Squares, type Found } from "./map/squares.ts";
import { isInSight, isNarrow, keepInSight, makeMap, showBounds, showPoint } from "./map/view.ts";
import { Places } from "./places.ts";
import { mountReportOn } from "./report/hook.ts";
import { RequestTrouble, troubleOfStatus } from "./request.ts";
import { mountRiskOn } from "./risk/hook.ts";
import { mountServiceOn, type Service } from "./service/hook.ts";
import { TileLoader } from "./tiles/loader.ts";
import { offerLevels } from "./ui/chooser.ts";
import { announce, byId } from "./ui/dom.ts";
import { bindKeys } from "./ui/keys.ts";
import { mountLayers } from "./ui/layers.ts";
import { mountLocate } from "./ui/locate.ts";
import { clearNotice, showNote, showTrouble, useSignIn } from "./ui/notices.ts";
import { mountPanel } from "./ui/panel.ts";
import { mountSearch, type Result } from "./ui/search.ts";
import { mountSheet } from "./ui/sheet.ts";
import { mountTip } from "./ui/tip.ts";
import { mountUnitsOn, type Units } from "./units/hook.ts";
import { newWorkspace, showLayer, type Settings, type State, type Workspace } from "./workspace.ts";
import { t } from "./words.ts";

declare global {
  interface Window {
    wangge: object;
  }
}

const AREA_LEVELS: Record<number, string> = {
  4: "city",
  6: "district",
  9: "street",
  12: "community",
  15: "cells",
};

export function startMapPage(settings: Settings): void {
  new MapPage(settings).start();
}

class MapPage {
  private readonly map: L.Map = makeMap();
  private readonly format: NumberFormat;
  private readonly worker = new Worker(byId("workspace").dataset.worker ?? "", { type: "module" });
  private readonly workspace: Workspace;
  private readonly squares: Squares;
  private readonly pictures = new Pictures(this.worker);
  private readonly marks: Marks;
  private readonly panel;
  private places = Places.of([]);
  private picture: L.Layer | null = null;
  private figures: FiguresOnMap | null = null;
  private opening = false;
  private service: Service | null = null;
  private components: Components | null = null;
  private units: Units | null = null;

  constructor(private readonly settings: Settings) {
    const asked = readAddress(location.hash);
    this.format = new NumberFormat(settings.language);
    this.workspace = newWorkspace(this.firstLevel(asked.by), this.firstWish(asked.show));
    this.squares = new Squares(this.map, settings, new TileLoader(this.worker), this.pictures, {
      look: () => this.look(),
      painted: () => (this.marks.redrawSoon(), this.service?.repaint()),
      troubled: (status) => this.tilesTroubled(status),
    });
    this.marks = new Marks(this.map, this.workspace, this.squares, this.pictures, {
      look: () => this.look(),
      places: () => this.places,
      format: this.format,
    });
    // Before anybody else hears of them, so that the worker paints while the rest of the page is made.
    this.workspace.on(["figures", "scale", "lit", "shown", "baseMap"], () => this.restyle());
    this.panel = mountPanel(settings.urls.panel, () => this.choose(null));
    useSignIn(settings.urls["sign-in"]);
  }

  start(): void {
    this.mountParts();
    this.listen();
    this.openAddress();
    this.squares.layer.addTo(this.map);
    this.marks.addTo(this.map);
    this.attribute();
    void this.loadPlaces();
    this.exposeForTests();
  }

  // ── parts of the page ──

  private mountParts(): void {
    const { workspace, settings } = this;
    this.figures = mountFiguresOn(this.map, workspace, settings, {
      format: this.format,
      choose: (place) => this.choose(place, "bring into sight"),
      places: () => this.places,
    });
    mountSearch(byId<HTMLInputElement>("search"), byId("search-results"), {
      address: settings.urls.search,
      people: settings.urls.people,
      centre: () => this.map.getCenter(),
      choose: (result) => this.chooseResult(result),
    });
    mountLayers(workspace, settings.baseMaps);
    mountSheet();
    mountTip(
      this.map,
      workspace,
      (at) => this.pick(at),
      this.format,
      () => this.places,
    );
    mountLocate(this.map);
    const filter = new IncidentFilter();
    mountIncidentsOn(this.map, workspace, settings, { filter, panel: this.panel, choose: (place) => this.choose(place) });
    this.components = mountComponentsOn(this.map, workspace, settings, { panel: this.panel, choose: (place) => this.choose(place) });
    this.units = mountUnitsOn(this.map, workspace, settings, this.panel);
    mountHeatOn(this.map, workspace, settings, filter);
    mountReportOn(this.map, workspace, settings);
    mountRiskOn(workspace, settings, () => void this.panel.show(workspace.now.place));
    mountLiveOn(this.map, workspace, settings, (sets) => this.renewShapes(sets));
    const [views, goTo] = [(within: L.Bounds) => this.squares.shown(within), (code: string) => this.showListed(code)];
    this.service = mountServiceOn(this.map, workspace, settings, { views, goTo });
    bindKeys({
      closePanel: () => this.choose(null),
      panelOpen: () => this.panel.open,
      chooseCentre: () => this.chooseAt(this.map.getCenter()),
    });
  }

  private listen(): void {
    const { map, workspace } = this;
    map.on("click", (event) => this.chooseAt(event.latlng));
    map.on("moveend", () => this.rewriteAddress("replace"));
    byId("zoom-in").addEventListener("click", () => map.zoomIn());
    byId("zoom-out").addEventListener("click", () => map.zoomOut());
    byId("home").addEventListener("click", () => this.showHome(true));
    window.addEventListener("popstate", () => this.openAddress());
    workspace.on(["place", "hovered"], () => this.marks.outlines.redraw());
    workspace.on(["indicator", "days", "kind", "compare", "level", "shown"], () => this.rewriteAddress("replace"));
    workspace.on(["baseMap"], (state) => this.putPicture(state));
  }

  private restyle(): void {
    this.squares.restyle();
    this.marks.labels.redraw();
  }

  // ── what is drawn ──

  private look(): ColouredLook {
    const { shown, figures, scale, lit, baseMap } = this.workspace.now;
    return {
      zoom: this.map.getZoom(),
      density,
      base: baseMap === "own",
      buildings: shown.buildings,
      cells: shown.cells,
      communities: shown.communities,
      streets: shown.streets,
      figures: figures && scale ? figures.layer : null,
      palette: scale?.colours ?? [],
      shadeOf: figures && scale ? shadeIn(figures, scale, lit) : () => "none",
    };
  }

  private renewShapes(sets: SetName[]): void {
    this.squares.renew(sets);
    if (sets.includes("areas") || sets.includes("cells")) void this.loadPlaces();
  }

  private putPicture({ baseMap }: State): void {
    this.picture?.remove();
    const base = this.settings.baseMaps.find((one) => one.id === baseMap);
    this.picture = base ? pictureLayer(base).addTo(this.map) : null;
  }

  private attribute(): void {
    this.map.attributionControl.addAttribution(byId("workspace").dataset.attribution ?? "");
  }

  // ── choosing ──

  private pick(at: L.LatLng): Found | null {
    const found = this.squares.pick(at, this.workspace.now.level);
    if (!found || found.code || found.kind === "building") return found;
    const list = this.workspace.now.figures?.list; // tiles seen from afar have no words in them
    const row = list?.rowOfId.get(found.id);
    return list && row !== undefined ? { ...found, code: list.codes[row], name: list.names[row] } : null;
  }

  private chooseAt(at: L.LatLng): void {
    if (this.service?.take(at)) return;
    const part = this.components?.pick(at) ?? this.units?.pick(at);
    if (part) return this.choose(part);
    const found = this.pick(at);
    this.choose(found ? placeOf(found) : null);
    if (found) keepInSight(this.map, this.places.get(found.code)?.bbox ?? [at.lng, at.lat, at.lng, at.lat]);
  }

  private chooseResult({ kind, code, id, bbox, lines, point, title, subtitle, url }: Result): void {
    if (kind === "resident" && url) return location.assign(url);
    const place: Place | null =
      kind === "building" && id
        ? { kind, key: String(id) }
        : kind === "cell" || kind === "area" || kind === "component"
          ? { kind, key: code }
          : null;
    this.choose(place);
    dropPin();
    dropRoad();
    if (lines) showRoad(this.map, lines);
    if (bbox) showBounds(this.map, bbox, kind === "building" ? 18 : 17);
    else if (point) {
      showPoint(this.map, point[1], point[0], 18);
      if (kind !== "component") putPin(this.map, [point[1], point[0]], title, subtitle, url);
    }
    if (isNarrow()) byId<HTMLInputElement>("search").blur();
  }

  /** Select a place, or nothing. It becomes a step of the browser's history. */
  private choose(place: Place | null, how?: "bring into sight"): void {
    if (samePlace(place, this.workspace.now.place)) return void (!place && this.panel.show(null)); // a list may be open
    if (this.workspace.now.place?.kind === "incident") dropPin();
    this.workspace.set({ place });
    void this.panel.show(place);
    this.rewriteAddress("push");
    const listed = place && this.places.get(place.key);
    if (place) announce(this.places.describe(place.key) || t("已选中"));
    if (how && listed && !isInSight(this.map, listed.bbox)) showBounds(this.map, listed.bbox, 17);
  }

  // ── the address ──

  private rewriteAddress(how: "push" | "replace"): void {
    if (this.opening) return;
    const { place, level, shown: layers, ...now } = this.workspace.now;
    const { lat, lng } = this.map.getCenter();
    const by = level === this.firstLevel(null) ? null : level;
    const shown = writeWish({ ...now, indicator: now.indicator || "none" });
    const show = shown === writeWish(this.firstWish(null)) ? null : shown;
    const hash = writeAddress({ view: { zoom: this.map.getZoom(), lat, lng }, place, by, show, parts: layers.components, units: layers.units && this.units !== null });
    if (hash === location.hash) return;
    history[how === "push" ? "pushState" : "replaceState"](null, "", hash);
  }

  private openAddress(): void {
    const { view, place, by, show, parts, units } = readAddress(location.hash);
    this.opening = true; // moving and choosing rewrite the address, each knowing only half of it
    if (parts) showLayer(this.workspace, "components");
    if (units) showLayer(this.workspace, "units");
    this.workspace.set({ place, level: this.firstLevel(by), ...this.firstWish(show) });
    void this.panel.show(place);
    if (view) this.map.setView([view.lat, view.lng], view.zoom, { animate: false });
    else this.showHome(false);
    if (view && asksForPin(location.hash)) putPin(this.map, [view.lat, view.lng], "", "");
    this.opening = false;
  }

  private showHome(animate: boolean): void {
    if (this.settings.bounds) showBounds(this.map, this.settings.bounds, 17, animate);
    else {
      this.map.setView([35, 105], 5);
      showNote("empty", t("这里还没有边界和楼栋。请管理员先导入数据。"));
    }
  }

  // ── figures and places ──

  private firstLevel(asked: string | null): string {
    if (asked && this.settings.layers.includes(asked)) return asked;
    const [west, south, east, north] = this.settings.bounds ?? [0, 0, 0, 0];
    const width = Math.max(east - west, (north - south) * 1.3);
    return width > 0.5 ? "street" : width > 0.16 ? "community" : "cells"; // cells of a district are too small to tell
  }

  private firstWish(asked: string | null): Wish {
    const wish = readWish(asked ?? "");
    const codes = this.settings.indicators.map((one) => one.code);
    if (wish.indicator === "none") return { ...wish, indicator: "" };
    return codes.includes(wish.indicator) ? wish : readWish(codes[0] ?? "");
  }

  private async loadPlaces(): Promise<void> {
    try {
      this.places = await Places.ask(this.settings.urls.places);
      clearNotice("places");
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble("places", error, () => void this.loadPlaces());
      return;
    }
    this.offerLevels();
    this.figures?.renamed();
    this.marks.labels.redraw();
    this.findPlaceOfAddress();
  }

  /** Levels with something to compare. A large scope lists no cells, yet has them. */
  private offerLevels(): void {
    const levels = this.settings.layers.filter((level) =>
      level === "cells" ? this.places.count(level) !== 1 : this.places.count(level) > 1,
    );
    offerLevels(byId("levels"), this.workspace, levels);
    if (levels.length && !levels.includes(this.workspace.now.level)) this.workspace.set({ level: levels[0] });
  }

  private showListed(code: string): void {
    const listed = this.places.get(code);
    if (listed) showBounds(this.map, listed.bbox, 17);
  }

  /** A deep link may name a place without saying where it is. */
  private findPlaceOfAddress(): void {
    const { place } = this.workspace.now;
    const listed = place && this.places.get(place.key);
    if (
      listed &&
      !this.map.getBounds().intersects([
        [listed.bbox[1], listed.bbox[0]],
        [listed.bbox[3], listed.bbox[2]],
      ])
    )
      showBounds(this.map, listed.bbox, 17, false);
  }

  private tilesTroubled(status: number | null): void {
    if (status === null) clearNotice("tiles");
    else showTrouble("tiles", troubleOfStatus(status), () => void this.squares.retry());
  }

  /** What tests ask instead of waiting. */
  private exposeForTests(): void {
    window.wangge = {
      ready: () =>
        this.squares.idle &&
        !this.marks.busy &&
        !byId("workspace").hasAttribute("aria-busy"),
      pick: (lat: number, lng: number) => this.pick({ lat, lng } as L.LatLng),
      point: (lat: number, lng: number) => this.map.latLngToContainerPoint([lat, lng]),
      view: () => ({ zoom: this.map.getZoom(), ...this.map.getCenter() }),
      labels: () => this.marks.written,
      place: () => this.workspace.now.place,
      levelOf: (code: string) => AREA_LEVELS[code.length],
    };
  }
}

function placeOf({ kind, id, code }: Found): Place {
  return { kind, key: kind === "building" ? String(id) : code };
}
