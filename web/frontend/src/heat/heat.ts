// The heat map of incidents over the map: fetches the cube for the window on screen, then slides through it.
import { withDays, type IncidentFilter } from "../filter/filter.ts";
import { askBytes, RequestTrouble } from "../request.ts";
import { Store } from "../store.ts";
import { announce, make } from "../ui/dom.ts";
import { signInLink } from "../ui/notices.ts";
import { t } from "../words.ts";
import type { L } from "../map/leaflet.ts";
import { askFor, stillCovers, usualBandwidth, type Asked, type Screen } from "./asking.ts";
import { fillWidths, icon, makeBar, type Bar } from "./bar.ts";
import { readCube, type Box, type Cube, type Span } from "./cube.ts";
import { eastingAt, northingAt } from "./ground.ts";
import { drawBars } from "./histogram.ts";
import { sayCount, sayDensity } from "./numbers.ts";
import { HeatOverlay } from "./overlay.ts";
import { binsIn, describeSpan } from "./periods.ts";
import { daysUnder, firstState, lastStart, nextStart, queryOf, withStep, type HeatSettings, type HeatState } from "./settings.ts";
import { Surface } from "./surface.ts";
import { makeTable } from "./table.ts";

const PLAY = "M8 5.5v13l10.5-6.5z";
const PAUSE = "M8.5 5.5v13M15.5 5.5v13";
const SETTLE_MS = 140;

export interface Heat {
  toggle(): void;
  /** Count again what is shown, quietly: incidents have changed. */
  renew(): void;
}

interface Wishes {
  language: string;
  /** Told when the heat map comes and goes, so that no other colours lie under it. */
  opened(open: boolean): void;
  /** The density under the pointer in words; "" where there is none. */
  pointedAt(density: string): void;
}

export function mountHeat(map: L.Map, place: HTMLElement, settings: HeatSettings, filter: IncidentFilter, wishes: Wishes): Heat {
  const heat = new HeatMap(map, settings, filter, wishes);
  place.append(heat.bar.root);
  return heat;
}

class HeatMap implements Heat {
  readonly bar: Bar;
  private readonly store: Store<HeatState>;
  private readonly overlay: HeatOverlay;
  private surface: Surface | null = null;
  private top = 0;
  private asked: Asked | null = null;
  private asking: AbortController | null = null;
  private counts: Float64Array = new Float64Array(0);
  private frame = 0;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private pointer: L.LatLng | null = null;
  private drawn = 0;

  constructor(
    private readonly map: L.Map,
    private readonly settings: HeatSettings,
    private readonly filter: IncidentFilter,
    private readonly wishes: Wishes,
  ) {
    this.bar = makeBar(settings);
    this.store = new Store(firstState(settings));
    this.overlay = new HeatOverlay(map);
    this.bindControls();
    this.bindState();
    this.bindMap();
    this.exposeForTests();
  }

  toggle(): void {
    this.store.set({ open: !this.store.now.open, playing: false });
  }

  renew(): void {
    if (this.store.now.open && this.store.now.cube) void this.load("quietly");
  }

  // ── controls ──

  private bindControls(): void {
    const { bar, store, settings } = this;
    bar.play.addEventListener("click", () => store.set({ playing: !store.now.playing }));
    bar.close.addEventListener("click", () => this.toggle());
    bar.slider.addEventListener("input", () => store.set({ at: Number(bar.slider.value), playing: false }));
    bar.step.addEventListener("change", () => store.set(withStep(store.now, bar.step.value as HeatState["step"], settings.limits)));
    bar.width.addEventListener("change", () => store.set({ width: Number(bar.width.value) }));
    bar.speed.addEventListener("change", () => store.set({ speed: Number(bar.speed.value) }));
    bar.metres.addEventListener("change", () => store.set({ metres: Number(bar.metres.value) }));
    bar.strength.addEventListener("change", () => store.set({ strength: Number(bar.strength.value) }));
    bar.tableButton.addEventListener("click", () => this.showTable());
    for (const end of ["from", "to"] as const)
      bar[end].addEventListener("change", () => bar[end].checkValidity() && this.chooseDays());
    bar.root.addEventListener("keydown", (event) => this.hearKey(event));
  }

  /** The days are the filter's, for map and list alike. */
  private chooseDays(): void {
    const { from, to } = this.bar;
    const [first, last] = [from.value, to.value].sort();
    this.filter.choose({ query: withDays(this.filter.now.query, first, last) });
  }

  private followFilter(): void {
    const { query } = this.filter.now;
    const { now } = this.store;
    const days = daysUnder(query, this.settings.today);
    const before = daysUnder(now.filter, this.settings.today);
    if (days.from === before.from && days.to === before.to) return this.store.set({ filter: query });
    const { from = days.from } = withStep({ ...now, ...days }, now.step, this.settings.limits); // as many as can be sent
    this.store.set({ filter: query, from, to: days.to, playing: false });
  }

  private hearKey(event: KeyboardEvent): void {
    if (event.key === "Escape") this.toggle();
    else if (event.key === " " && event.target === this.bar.slider) this.store.set({ playing: !this.store.now.playing });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private bindState(): void {
    const { store } = this;
    store.on(["open"], (state) => this.openOrClose(state.open));
    store.on(["from", "to", "step", "filter"], () => void this.load());
    this.filter.on(["query"], () => this.followFilter());
    this.followFilter();
    store.on(["metres"], () => (this.covered() ? this.rescale() : this.load()));
    store.on(["width"], () => this.rescale());
    store.on(["at", "strength"], () => this.redraw());
    store.on(["strength"], () => this.showLegend());
    store.on(["playing"], ({ playing }) => this.playOrPause(playing));
    store.on(["step", "from", "to", "metres", "strength", "speed"], () => this.syncControls());
    this.syncControls();
    this.showPlayButton(false);
  }

  private syncControls(): void {
    const { bar } = this;
    const now = this.store.now;
    for (const name of ["step", "from", "to"] as const) bar[name].value = now[name];
    for (const name of ["metres", "strength", "speed"] as const) bar[name].value = String(now[name]);
    fillWidths(bar.width, now.step, now.width);
  }

  private bindMap(): void {
    this.map.on("moveend", () => this.moved());
    this.map.on("mousemove", ({ latlng }) => {
      this.pointer = latlng;
      if (!this.store.now.playing) this.readPointer();
    });
    this.map.on("mouseout", () => {
      this.pointer = null;
      this.readPointer();
    });
    window.addEventListener("resize", () => this.store.now.open && this.showBars());
  }

  private openOrClose(open: boolean): void {
    this.bar.root.hidden = !open;
    this.wishes.opened(open);
    if (open) return void this.load().then(() => this.bar.slider.focus({ preventScroll: true }));
    this.asking?.abort();
    this.overlay.remove();
    this.surface = this.asked = null;
    this.readPointer();
    this.store.set({ cube: null });
  }

  // ── the cube ──

  private screen(): Screen {
    const bounds = this.map.getBounds();
    return { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth(), zoom: this.map.getZoom() };
  }

  private get metres(): number {
    return this.store.now.metres || usualBandwidth(this.map.getCenter().lat, this.map.getZoom());
  }

  private covered(): boolean {
    return Boolean(this.surface && this.asked && stillCovers(this.asked, this.screen(), this.metres));
  }

  private moved(): void {
    if (!this.store.now.open) return;
    // Who moves the map by keyboard points with the cross in its middle.
    if (this.map.getContainer().classList.contains("by-keyboard")) this.pointer = this.map.getCenter();
    this.readPointer();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => (this.covered() ? this.countScreen() : void this.load()), SETTLE_MS);
  }

  private async load(how?: "quietly"): Promise<void> {
    const state = this.store.now;
    if (!state.open) return;
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    if (!how) this.bar.root.setAttribute("aria-busy", "true");
    const asked = askFor(this.screen(), this.metres, binsIn(state.from, state.to, state.step), this.settings.limits);
    const query = queryOf(state);
    for (const [name, value] of Object.entries({ bbox: asked.bbox, zoom: asked.zoom, side: asked.side })) query.set(name, String(value));
    try {
      this.take(readCube(await askBytes(`${this.settings.url}?${query}`, mine.signal)), asked);
    } catch (error) {
      if (mine.signal.aborted || how) return;
      this.showTrouble(error);
    } finally {
      if (this.asking === mine) this.bar.root.removeAttribute("aria-busy");
    }
  }

  private take(cube: Cube, asked: Asked): void {
    const before = this.store.now.cube;
    this.asked = asked;
    this.surface = new Surface(cube);
    this.overlay.place(cube.head);
    const same = before && before.head.times.join() === cube.head.times.join();
    const at = same ? this.store.now.at : cube.cyclic ? 8 : lastStart(cube, this.store.now.width);
    this.store.set({ cube, at });
    this.countScreen();
    this.rescale();
    this.showEmpty(cube.head.total === 0);
  }

  /** Incidents by time bin in what the screen shows of the cube. */
  private countScreen(): void {
    const { cube } = this.store.now;
    if (!cube) return;
    this.counts = cube.totals(boxOf(cube, this.screen()));
    this.showBars();
    this.showTable();
    this.redraw();
  }

  // ── the picture ──

  private get span(): Span {
    const { at, width, cube } = this.store.now;
    return { from: cube ? Math.min(at, lastStart(cube, width)) : at, width };
  }

  private rescale(): void {
    const { cube, width } = this.store.now;
    if (!this.surface || !cube) return;
    this.top = this.surface.topFor(width, this.metres);
    this.bar.slider.max = String(lastStart(cube, width));
    // The thumb stands under the middle of the window, wherever that is.
    this.bar.slider.style.setProperty("--reach", String(lastStart(cube, width) / cube.steps));
    this.bar.slider.style.setProperty("--half", String(Math.min(width, cube.steps) / cube.steps / 2));
    this.bar.unit.textContent = t("每平方公里每天的事件数 · 平滑半径 {n} 米", { n: this.metres });
    this.showLegend();
    this.readPointer();
    this.redraw();
  }

  /** Once in the next frame, however much has changed by then. */
  private redraw(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { surface, span } = this;
    const { cube, strength } = this.store.now;
    if (!surface || !cube) return;
    const started = performance.now();
    surface.show(span, this.metres);
    this.overlay.draw(surface.density, this.top / strength);
    this.showSpan(cube, span);
    if (this.pointer) this.readPointer();
    this.drawn = performance.now() - started;
  }

  private showSpan(cube: Cube, span: Span): void {
    const { bar } = this;
    const words = describeSpan(cube, span, this.wishes.language);
    const number = sayCount(this.countIn(cube, span), this.wishes.language);
    bar.when.textContent = t("{span} · 视野内 {n} 起", { span: words, n: number });
    bar.slider.value = String(span.from);
    bar.slider.setAttribute("aria-valuetext", bar.when.textContent);
    const share = 100 / cube.steps;
    bar.span.style.left = `${span.from * share}%`;
    bar.span.style.width = `${Math.min(span.width, cube.steps - span.from) * share}%`;
  }

  private countIn(cube: Cube, { from, width }: Span): number {
    let sum = 0;
    for (let k = from; k < from + Math.min(width, cube.steps); k++) sum += k < cube.steps ? this.counts[k] : cube.cyclic ? this.counts[k - cube.steps] : 0;
    return sum;
  }

  private showLegend(): void {
    const top = this.top / this.store.now.strength;
    this.bar.ticks.forEach((tick, i) => {
      const last = i === this.bar.ticks.length - 1;
      tick.textContent = `${last && top ? "≥ " : ""}${sayDensity((top * i) / (this.bar.ticks.length - 1), this.wishes.language)}`;
    });
  }

  private readPointer(): void {
    const { bar, surface, pointer } = this;
    const value = surface && pointer ? surface.at(pointer.lat, pointer.lng) : null;
    const top = this.top / this.store.now.strength;
    bar.mark.hidden = value === null || !top;
    bar.mark.style.left = `${100 * Math.min(1, (value ?? 0) / (top || 1))}%`;
    const said = value === null ? "" : t("{n} 起/平方公里·天", { n: sayDensity(value, this.wishes.language) });
    bar.readout.textContent = said ? t("指针处 {density}", { density: said }) : t("把指针放在地图上读数");
    this.wishes.pointedAt(said);
  }

  private showBars(): void {
    drawBars(this.bar.bars, this.counts, getComputedStyle(this.bar.bars).color);
  }

  private showTable(): void {
    const { cube } = this.store.now;
    if (!this.bar.table.hidden && cube) this.bar.table.replaceChildren(makeTable(cube, this.counts, this.wishes.language));
  }

  // ── playing ──

  private playOrPause(playing: boolean): void {
    this.showPlayButton(playing);
    if (!playing) return void (this.store.now.open && announce(this.bar.when.textContent ?? ""));
    let last = performance.now();
    const tick = (now: number): void => {
      const { cube, at, width, speed, playing: still } = this.store.now;
      if (!still || !cube) return;
      if (now - last >= 1000 / speed) {
        last = now;
        this.store.set({ at: nextStart(cube, at, width) });
      }
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  private showPlayButton(playing: boolean): void {
    this.bar.play.replaceChildren(icon(playing ? PAUSE : PLAY));
    this.bar.play.setAttribute("aria-label", playing ? t("暂停") : t("播放"));
  }

  // ── states ──

  private showEmpty(empty: boolean): void {
    this.say(empty ? [make("p", {}, make("strong", {}, t("这里这段时间没有事件。")), ` ${t("换一个时间段或类别，或移动地图。")}`)] : []);
  }

  private showTrouble(error: unknown): void {
    const known = error instanceof RequestTrouble ? error : new RequestTrouble("broken", t("服务器出错。"), t("请稍后重试。"));
    const retry = make("button", { type: "button", class: "button" }, t("重试"));
    retry.addEventListener("click", () => void this.load());
    const words = make("p", {}, make("strong", {}, known.message), ` ${known.fix}`);
    this.say([words, known.kind === "signed-out" ? signInLink() : retry]);
  }

  private say(parts: HTMLElement[]): void {
    this.bar.note.replaceChildren(...parts);
    this.bar.note.hidden = !parts.length;
  }

  /** What tests and measurements ask instead of waiting. */
  private exposeForTests(): void {
    const shown = () => Boolean(this.surface) && !this.frame && !this.bar.root.hasAttribute("aria-busy");
    Object.assign(window, {
      wanggeHeat: {
        ready: shown,
        density: (lat: number, lng: number) => this.surface?.at(lat, lng) ?? null,
        total: () => this.store.now.cube?.head.total ?? null,
        steps: () => this.store.now.cube?.steps ?? 0,
        bins: () => this.store.now.cube?.bins ?? 0,
        top: () => this.top,
        seek: (at: number) => this.store.set({ at }),
        drawn: () => this.drawn,
      },
    });
  }
}

/** The place bins of a cube that lie on the screen. */
function boxOf({ head }: Cube, { west, south, east, north }: Screen): Box {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
  return [
    within(Math.floor((eastingAt(west) - head.west) / head.size), head.columns),
    within(Math.floor((head.north - northingAt(north)) / head.size), head.rows),
    within(Math.ceil((eastingAt(east) - head.west) / head.size), head.columns),
    within(Math.ceil((head.north - northingAt(south)) / head.size), head.rows),
  ];
}
