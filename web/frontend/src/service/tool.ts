// Where service is missing: asks the server, colours buildings by their walk, and keeps sheet and markers in step.
import { NumberFormat } from "../figures/format.ts";
import { L } from "../map/leaflet.ts";
import { makeOverlay } from "../map/overlay.ts";
import type { SquareView } from "../map/square.ts";
import { askJson, RequestTrouble, sendJson } from "../request.ts";
import { Store } from "../store.ts";
import { announce, make } from "../ui/dom.ts";
import { signInLink } from "../ui/notices.ts";
import { t } from "../words.ts";
import { Markers } from "./markers.ts";
import { Minutes } from "./paint.ts";
import { showPoints, type PointChange } from "./points.ts";
import { Proposals } from "./proposals.ts";
import { firstState, queryOf, sayPositions, type Answer, type Point, type Position, type Proposal, type ServiceSettings, type ServiceState, type Tab } from "./settings.ts";
import { fillGroups, makeSheet, showLegend, showSummary, showTab, type Sheet } from "./sheet.ts";
import { SitesPane } from "./sites.ts";
import { Trials } from "./trials.ts";
import { showWho } from "./who.ts";

export interface Wishes {
  language: string;
  views(within: L.Bounds): SquareView[];
  opened(open: boolean): void;
  goTo(code: string): void;
}

export class ServiceTool {
  readonly sheet: Sheet;
  readonly store: Store<ServiceState>;
  private readonly format: NumberFormat;
  private readonly markers: Markers;
  private readonly pane: SitesPane;
  private readonly colours;
  private minutes: Minutes | null = null;
  private asking: AbortController | null = null;
  private readonly trials: Trials;
  private readonly proposals: Proposals;

  constructor(private readonly map: L.Map, private readonly settings: ServiceSettings, private readonly wishes: Wishes) {
    this.format = new NumberFormat(wishes.language);
    this.sheet = makeSheet(settings);
    this.store = new Store(firstState(settings));
    this.trials = new Trials(this.store, settings, { changed: () => this.showSites(), failed: (error, retry) => this.showTrouble(error, retry) });
    this.proposals = new Proposals(this.store, settings);
    map.createPane("service").style.zIndex = "310"; // over the buildings, under outlines and names
    this.colours = makeOverlay("service", (bounds) => (this.minutes ? bounds : null), (area, sharp) => this.paint(area, sharp));
    this.markers = new Markers(map, {
      choosePoint: (id) => this.choosePoint(id),
      movePoint: (point, at) => void this.movePoint(point, at),
      moveSite: (index, at, done) => this.moveSite(index, at, done),
      removeSite: (index) => this.trials.remove(index),
    });
    this.pane = this.makePane();
    this.bindControls();
    this.bindState();
    this.exposeForTests();
  }

  toggle(): void {
    this.store.set({ open: !this.store.now.open, arming: "" });
  }

  /** Squares have been painted: the buildings over them may be others now. */
  repaint(): void {
    if (this.minutes) this.colours.redrawSoon();
  }

  /** Whether a click on the map puts something down here instead of choosing a place. */
  take({ lat, lng }: L.LatLng): boolean {
    const { open, arming, sites } = this.store.now;
    if (!open || !arming) return false;
    this.store.set({ arming: "" });
    if (arming === "site") this.trials.set([...sites, { at: [lng, lat], name: "" }]);
    else void this.send({ kind: this.store.now.kind, name: t("新设施"), at: [lng, lat] }, t("已添加，请填写名称。"));
    return true;
  }

  // ── controls and state ──

  private makePane(): SitesPane {
    return new SitesPane(this.sheet.panes.sites, {
      format: this.format,
      settings: this.settings,
      find: (k, aim, fromMine) => void this.trials.find(k, aim, fromMine),
      arm: () => this.arm("site"),
      undo: () => this.trials.undo(),
      clear: () => this.trials.set([]),
      remove: (index) => this.trials.remove(index),
      focus: (index) => this.focusSite(index),
      save: (name) => void this.keep(this.proposals.save(name), t("方案已保存。")),
      open: (proposal) => this.openProposal(proposal),
      forget: (proposal) => void this.keep(this.proposals.forget(proposal), t("方案已删除。")),
      copyLink: (proposal) => void this.copyLink(proposal),
    });
  }

  private bindControls(): void {
    const { sheet, store } = this;
    sheet.close.addEventListener("click", () => this.toggle());
    sheet.fold.addEventListener("click", () => {
      const folded = sheet.root.classList.toggle("folded");
      sheet.fold.textContent = folded ? t("展开") : t("收起");
      sheet.fold.setAttribute("aria-expanded", String(!folded));
    });
    sheet.kind.addEventListener("change", () => this.setKind(sheet.kind.value));
    sheet.group.addEventListener("change", () => store.set({ group: sheet.group.value }));
    sheet.area.addEventListener("change", () => store.set({ area: sheet.area.value }));
    for (const name of ["minutes", "speed", "slow"] as const)
      sheet[name].addEventListener("change", () => sheet[name].reportValidity() && store.set({ [name]: Number(sheet[name].value) }));
    for (const [tab, button] of Object.entries(sheet.tabs)) button.addEventListener("click", () => store.set({ tab: tab as Tab }));
    sheet.root.addEventListener("keydown", (event) => this.hearKey(event));
  }

  private hearKey(event: KeyboardEvent): void {
    const typing = (event.target as Element).matches("input");
    if (event.key === "Escape") this.store.now.arming ? this.store.set({ arming: "" }) : this.toggle();
    else if (event.key === "z" && (event.ctrlKey || event.metaKey) && !typing) this.trials.undo();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private bindState(): void {
    const { store, sheet } = this;
    store.on(["open"], ({ open }) => this.openOrClose(open));
    store.on(["kind", "group", "minutes", "speed", "slow", "area", "load"], () => void this.load());
    store.on(["kind", "group"], (state) => fillGroups(sheet.group, this.settings, state));
    store.on(["tab"], ({ tab }) => showTab(sheet, tab));
    store.on(["answer", "chosen", "arming", "load", "tab"], () => this.showPoints());
    store.on(["answer"], () => this.showAnswer());
    store.on(["sites", "effect", "best", "arming", "answer", "proposals"], () => this.showSites());
    store.on(["arming"], ({ arming }) => this.map.getContainer().classList.toggle("service-arming", Boolean(arming)));
    showTab(sheet, store.now.tab);
    this.syncControls();
  }

  private syncControls(): void {
    const { kind, minutes, speed, slow, area } = this.store.now;
    const { sheet } = this;
    [sheet.kind.value, sheet.area.value] = [kind, area];
    [sheet.minutes.value, sheet.speed.value, sheet.slow.value] = [minutes, speed, slow].map(String);
    fillGroups(sheet.group, this.settings, this.store.now);
  }

  private setKind(kind: string): void {
    const minutes = this.settings.kinds.find(({ code }) => code === kind)?.minutes ?? 15;
    this.store.set({ kind, minutes, group: "", chosen: null, best: null });
    this.syncControls();
    this.markers.outline(null);
  }

  private openOrClose(open: boolean): void {
    this.sheet.root.hidden = !open;
    this.wishes.opened(open);
    if (!open) {
      this.asking?.abort();
      this.minutes = null;
      this.markers.hide();
      this.colours.redraw();
      return;
    }
    this.markers.show();
    void this.load();
    void this.loadProposals();
    this.sheet.kind.focus({ preventScroll: true });
  }

  // ── the answer ──

  private async load(): Promise<void> {
    if (!this.store.now.open) return;
    this.asking?.abort();
    const mine = (this.asking = new AbortController());
    this.sheet.root.setAttribute("aria-busy", "true");
    try {
      const query = queryOf(this.store.now, { load: this.store.now.load });
      const answer = await askJson<Answer>(`${this.settings.urls.all}?${query}`, mine.signal);
      this.minutes = new Minutes(answer.homes, answer.minutes);
      this.store.set({ answer });
      this.colours.redraw();
      void this.trials.follow();
    } catch (error) {
      if (!mine.signal.aborted) this.showTrouble(error, () => void this.load());
    } finally {
      if (this.asking === mine) this.sheet.root.removeAttribute("aria-busy");
    }
  }

  private paint(area: L.Bounds, sharp: number): ImageBitmap | Promise<ImageBitmap> {
    return this.minutes?.paint(this.wishes.views(area), this.map, area, sharp) ?? createImageBitmap(new ImageData(1, 1));
  }

  private showAnswer(): void {
    const { answer } = this.store.now;
    if (!answer) return;
    showSummary(this.sheet.summary, answer, this.format);
    showLegend(this.sheet.legend, answer, this.format);
    this.sheet.legend.hidden = !answer.points.length;
    showWho(this.sheet.panes.who, this.store.now, { format: this.format, settings: this.settings, goTo: this.wishes.goTo });
    this.say(this.remarks(answer));
  }

  /** What is missing, and what of the answer is only an estimate. */
  private remarks({ points, homes, roads, detour, name }: Answer): Node[] {
    const paragraph = (strong: string, plain: string) => make("p", {}, make("strong", {}, strong), ` ${plain}`);
    if (!homes.ids.length) return [paragraph(t("这个范围没有楼栋。"), t("请管理员导入楼栋，或换一个范围。"))];
    if (!points.length) {
      const fix = this.settings.mayEdit ? t("在“设施”里添加，或请管理员用 import_service_points 导入。") : t("请规划员在地图上添加，或请管理员导入。");
      return [paragraph(t("还没有{kind}。", { kind: name }), fix)];
    }
    if (!roads) return [paragraph(t("这里没有道路数据。"), t("步行距离按直线的 {n} 倍估计。", { n: detour }))];
    if (homes.estimated) return [paragraph("", t("{n} 栋楼附近没有道路，按直线的 {x} 倍估计。", { n: this.format.say(homes.estimated), x: detour }))];
    return [];
  }

  private showPoints(): void {
    const { answer, chosen, tab } = this.store.now;
    this.markers.putPoints(answer?.points ?? [], chosen, tab === "points");
    showPoints(this.sheet.panes.points, this.store.now, {
      format: this.format,
      settings: this.settings,
      choosePoint: (id) => this.choosePoint(id),
      arm: () => this.arm("point"),
      save: (change) => void this.send(change, change.closed ? t("已停用。") : t("已保存。")),
      setLoad: (load) => this.store.set({ load }),
    });
  }

  private choosePoint(id: number | null): void {
    const point = this.store.now.answer?.points.find((one) => one.id === id);
    this.store.set({ chosen: id, ...(point ? { tab: "points" as const } : {}) });
    this.sheet.root.classList.remove("folded");
    if (!point) return this.markers.outline(null);
    announce(point.name);
    if (!this.map.getBounds().contains([point.at[1], point.at[0]])) this.map.panTo([point.at[1], point.at[0]]);
    void this.outline(point.at);
  }

  private async outline(at: Position): Promise<void> {
    const query = queryOf(this.store.now, { at: sayPositions([{ at }]) });
    try {
      this.markers.outline((await askJson<{ outline: object }>(`${this.settings.urls.around}?${query}`)).outline);
    } catch (error) {
      this.showTrouble(error, () => void this.outline(at));
    }
  }

  // ── changing points ──

  private arm(what: "site" | "point"): void {
    this.store.set({ arming: this.store.now.arming === what ? "" : what });
    if (this.store.now.arming) announce(t("请在地图上点选位置，或按回车放在地图中心。"));
  }

  private async movePoint(point: Point, at: Position): Promise<void> {
    await this.send({ id: point.id, at }, t("{name}已移动。", { name: point.name }), () => void this.send({ id: point.id, at: point.at }, t("已撤销。")));
  }

  private async send(change: PointChange & { at?: Position; kind?: string }, said: string, undo?: () => void): Promise<void> {
    try {
      const { id } = await sendJson<{ id: number }>(this.settings.urls.points, change);
      await this.load();
      this.choosePoint(change.closed ? null : id);
      this.say([make("p", {}, said), ...this.undoButton(change.closed ? () => void this.send({ id, closed: false }, t("已撤销。")) : undo)]);
    } catch (error) {
      this.showPoints(); // a marker that was dragged goes back
      this.showTrouble(error);
    }
  }

  private undoButton(act?: () => void): Node[] {
    if (!act) return [];
    const button = make("button", { type: "button", class: "button" }, t("撤销"));
    button.addEventListener("click", act);
    return [button];
  }

  // ── sites ──

  private showSites(): void {
    this.markers.putSites(this.store.now.sites);
    this.pane.show(this.store.now, this.trials.canUndo, this.trials.finding);
  }

  private moveSite(index: number, at: Position, done: boolean): void {
    this.trials.move(index, at, done);
    if (done) void this.outline(at);
  }

  private focusSite(index: number): void {
    const { at } = this.store.now.sites[index];
    this.map.panTo([at[1], at[0]]);
    this.markers.focusSite(index);
    void this.outline(at);
  }

  // ── proposals ──

  private async loadProposals(): Promise<void> {
    try {
      const shared = await this.proposals.load();
      if (shared) this.openProposal(shared);
    } catch (error) {
      this.showTrouble(error, () => void this.loadProposals());
    }
  }

  private openProposal({ kind, minutes, sites, name }: Proposal): void {
    this.store.set({ kind, minutes, group: "", chosen: null });
    this.syncControls();
    this.trials.set(sites.map((at) => ({ at, name: "" })));
    announce(name);
    this.map.fitBounds(L.latLngBounds(sites.map(([lng, lat]) => [lat, lng])), { maxZoom: 16, padding: [60, 60] });
  }

  private async keep(act: Promise<void>, said: string): Promise<void> {
    try {
      await act;
      this.say([make("p", {}, said)]);
    } catch (error) {
      this.showTrouble(error);
    }
  }

  private async copyLink(proposal: Proposal): Promise<void> {
    const address = this.proposals.linkTo(proposal);
    try {
      await navigator.clipboard.writeText(address);
      this.say([make("p", {}, t("链接已复制；辖区内的同事可以打开。"))]);
    } catch {
      this.say([make("p", {}, address)]); // a page without a secure address may not write the clipboard
    }
  }

  // ── messages ──

  private say(parts: Node[]): void {
    this.sheet.note.replaceChildren(...parts);
    this.sheet.note.hidden = !parts.length;
  }

  private showTrouble(error: unknown, retry?: () => void): void {
    if ((error as Error).name === "AbortError") return;
    const known = error instanceof RequestTrouble ? error : new RequestTrouble("broken", t("服务器出错。"), t("请稍后重试。"));
    const again = make("button", { type: "button", class: "button" }, t("重试"));
    again.addEventListener("click", () => (this.say([]), retry?.()));
    const cure = known.kind === "signed-out" ? [signInLink()] : retry && known.kind !== "refused" ? [again] : [];
    this.say([make("p", {}, make("strong", {}, known.message), ` ${known.fix}`), ...cure]);
  }

  /** What tests and measurements ask instead of waiting. */
  private exposeForTests(): void {
    Object.assign(window, {
      wanggeService: {
        ready: () => Boolean(this.store.now.answer) && !this.trials.busy && !this.colours.busy && !this.sheet.root.hasAttribute("aria-busy"),
        state: () => this.store.now,
        minutesOf: (id: number) => this.minutes?.of(id) ?? null,
        triedMs: () => this.trials.tookMs,
      },
    });
  }

  addColoursTo(map: L.Map): void {
    this.colours.addTo(map);
  }
}
