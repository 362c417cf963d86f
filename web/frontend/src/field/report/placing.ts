// Where it is: the phone's position on asking, a tap on the map, an address, or the building one comes from.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { App } from "../view.ts";
import { makeGround, type GroundMap } from "../ground.ts";
import type { Draft } from "./draft.ts";
import type { Position } from "./exif.ts";
import type { Known } from "./form.ts";
import { buildingNear, buildingsNamed, lieOf, middleOf } from "./lie.ts";

/** How far a place may be from a building to be called after it, and an error worth mentioning; metres. */
const [NEAR, WIDE] = [60, 50];
const MOST_FOUND = 6;
const REASONS: Record<number, string> = {
  1: t("没有获得定位许可。请在浏览器设置中允许，或在地图上点位置。"),
  2: t("暂时无法定位，请在地图上点位置。"),
  3: t("定位用时太长，请再试一次，或在地图上点位置。"),
};

export class PlaceChoice {
  readonly element = make("section", { class: "report-part", "aria-labelledby": "report-place" });
  private readonly said = make("p", { class: "report-said", role: "status" });
  private readonly offered = make("div", { class: "report-offer" });
  private readonly mine = make("button", { class: "button primary", type: "button" }, t("用我的位置"));
  private readonly mapHost = make("div", { class: "report-map", hidden: true, role: "application", "aria-label": t("在地图上点出事的位置") });
  private readonly finder = make("div", { class: "report-finder", hidden: true });
  private ground: Promise<GroundMap> | null = null;
  private draft: Draft | null = null;
  private closed = false;

  constructor(
    private readonly app: App,
    private readonly known: Known,
    private readonly change: (change: Partial<Draft>) => void,
  ) {
    const map = opener(t("在地图上点"), this.mapHost, () => this.showMap());
    const find = opener(t("查地址"), this.finder, () => this.finder.querySelector("input")?.focus());
    this.mine.addEventListener("click", () => this.locate());
    this.mine.hidden = !("geolocation" in navigator) || !isSecureContext;
    this.fillFinder();
    const heading = make("h2", { id: "report-place" }, t("位置"));
    const ways = make("div", { class: "actions" }, this.mine, map, find);
    this.element.append(heading, this.said, this.offered, ways, this.finder, this.mapHost);
  }

  show(draft: Draft): void {
    this.draft = draft;
    this.said.textContent = this.describe(draft);
    const lie = draft.at && this.known.cells.length ? lieOf(draft.at, this.known.cells) : null;
    this.said.classList.toggle("outside", Boolean(lie && !lie.cell));
    this.element.classList.toggle("done", Boolean(draft.at) || draft.building !== null);
    void this.ground?.then((ground) => ground.showPin(draft.at && { lat: draft.at.lat, lng: draft.at.lon }));
  }

  /** A photo says where it was taken: ask whether that is the place. `metres`: from the place chosen so far. */
  offer(at: Position, metres: number | null): void {
    if (metres !== null && metres < 20) return;
    const far = metres === null ? "" : t("，距已选位置 {n} 米", { n: Math.round(metres) });
    const question = t("照片拍摄于{place}{far}。用这个位置吗？", { place: this.nameOf(at) || t("别处"), far });
    const take = make("button", { class: "button", type: "button" }, t("用照片的位置"));
    const leave = make("button", { class: "quiet", type: "button" }, t("不用"));
    take.addEventListener("click", () => (this.offered.replaceChildren(), this.at(at, null)));
    leave.addEventListener("click", () => this.offered.replaceChildren());
    this.offered.replaceChildren(make("p", { class: "notice", role: "status" }, question, " ", take, leave));
  }

  close(): void {
    this.closed = true;
    void this.ground?.then((ground) => ground.remove());
  }

  private at(at: Position, error: number | null): void {
    this.change({ at, error, building: null, placeName: this.nameOf(at) });
  }

  private describe({ at, building, placeName, error }: Draft): string {
    if (!at) return building === null ? t("在哪里？") : placeName;
    const { cell, metres } = lieOf(at, this.known.cells);
    const parts = [placeName || this.nameOf(at) || t("已选位置"), cell?.name ?? ""];
    if (error !== null && error > WIDE) parts.push(t("定位误差约 {n} 米，请在地图上核对", { n: Math.round(error) }));
    if (!cell && this.known.cells.length) parts.push(outside(metres));
    return parts.filter(Boolean).join(" · ");
  }

  private nameOf(at: Position): string {
    const found = buildingNear(at, this.known.ground, NEAR);
    return found ? (found.inside ? found.building.label : t("{place}附近", { place: found.building.label })) : "";
  }

  private locate(): void {
    this.mine.setAttribute("aria-busy", "true");
    this.said.textContent = t("正在定位…");
    const done = () => this.mine.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        done();
        if (this.closed) return;
        this.at({ lat: coords.latitude, lon: coords.longitude }, coords.accuracy);
        void this.ground?.then((ground) => ground.showPosition(coords.latitude, coords.longitude, coords.accuracy));
      },
      ({ code }) => (done(), (this.said.textContent = REASONS[code] ?? REASONS[2])),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  }

  private showMap(): void {
    this.ground ??= makeGround(this.mapHost, this.app).then((ground) => {
      ground.onPick(({ lat, lng }) => this.at({ lat, lon: lng }, null));
      return ground;
    });
    void this.ground.then((ground) => {
      ground.map.invalidateSize();
      const at = this.draft?.at;
      if (!at) return;
      ground.showPin({ lat: at.lat, lng: at.lon });
      ground.map.setView([at.lat, at.lon], 18);
    });
  }

  private fillFinder(): void {
    const box = make("input", { id: "report-find", type: "search", autocomplete: "off", enterkeyhint: "search" });
    const found = make("div", { class: "report-found", role: "status" });
    box.addEventListener("input", () => found.replaceChildren(...this.found(box.value)));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it would send the form
      found.querySelector("button")?.click();
    });
    this.finder.append(make("label", { for: "report-find" }, t("楼栋、小区或门牌")), box, found);
  }

  private found(typed: string): HTMLElement[] {
    const buildings = buildingsNamed(typed, this.known.ground, MOST_FOUND);
    if (typed.trim() && !buildings.length) return [make("p", { class: "hint" }, t("手机上的辖区里没有找到。"))];
    return buildings.map((building) => {
      const address = building.address && building.address !== building.label ? building.address : "";
      const choice = make("button", { class: "report-choice", type: "button" }, building.label, make("span", { class: "hint" }, address));
      choice.addEventListener("click", () => {
        this.change({ building: building.id, at: middleOf(building.rings), error: null, placeName: building.label });
        this.finder.hidden = true;
      });
      return choice;
    });
  }
}

function outside(metres: number): string {
  const far = metres < 1000 ? t("{n} 米", { n: Math.round(metres) }) : t("{n} 公里", { n: (metres / 1000).toFixed(1) });
  return t("在手机上的辖区之外约 {far}，可能不被接受", { far });
}

/** A button that opens and closes a part of the form. */
function opener(title: string, part: HTMLElement, opened: () => void): HTMLButtonElement {
  const button = make("button", { class: "button", type: "button", "aria-expanded": "false" }, title);
  button.addEventListener("click", () => {
    part.hidden = !part.hidden;
    button.setAttribute("aria-expanded", String(!part.hidden));
    if (!part.hidden) opened();
  });
  return button;
}
