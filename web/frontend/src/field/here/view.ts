// 我在哪: on asking, and only then, the phone's position; or a tap on the map. Answered from the pack, without network.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { directionsTo } from "../directions.ts";
import { makeGround, type GroundMap } from "../ground.ts";
import { middleOf } from "../ground/inside.ts";
import type { App, View } from "../view.ts";
import { whereaboutsAt, type Whereabouts } from "./whereabouts.ts";

/** A position less sure than this is said to be of little use, metres. */
const POOR_M = 200;
const WAIT_MS = 15_000;

export const view: View = { name: "here", title: t("我在哪"), icon: "", show };

function show(root: HTMLElement, _params: string[], app: App): () => void {
  const button = make("button", { class: "button primary here-ask", type: "button" }, t("查我的位置"));
  const map = make("div", { class: "here-map", role: "region", "aria-label": t("网格地图，点一下查看该处") });
  const hint = make("p", { class: "hint" }, t("只在您点按时读取一次位置，不记录、不上传。也可以直接点地图上的任意一处。"));
  const answer = make("div", { class: "here-answer", "aria-live": "polite" });
  root.append(make("h1", {}, t("我在哪")), button, hint, answer, map);
  let [left, ground]: [boolean, GroundMap | null] = [false, null];
  let asked: [lat: number, lng: number, accuracy: number] | null = null;
  const tell = async (lat: number, lng: number, accuracy: number) => {
    asked = [lat, lng, accuracy];
    answer.replaceChildren(...(await answerAt(app, lat, lng, accuracy)));
  };
  const stop = app.on("pack", () => void (asked && tell(...asked)));
  void makeGround(map, app).then((made) => {
    if (left) return made.remove();
    ground = made;
    made.onPick(({ lat, lng }) => (made.showPin({ lat, lng }), void tell(lat, lng, 0)));
  });
  button.addEventListener("click", () => {
    answer.replaceChildren(make("p", { class: "hint" }, t("正在定位…")));
    button.disabled = true;
    askPosition()
      .then(({ coords }) => {
        ground?.showPin(null);
        ground?.showPosition(coords.latitude, coords.longitude, coords.accuracy);
        return tell(coords.latitude, coords.longitude, coords.accuracy);
      })
      .catch((error: unknown) => answer.replaceChildren(make("p", { class: "notice warn" }, whyNot(error))))
      .finally(() => (button.disabled = false));
  });
  return () => ((left = true), stop(), ground?.remove());
}

function askPosition(): Promise<GeolocationPosition> {
  return new Promise((found, failed) => {
    if (!navigator.geolocation || !isSecureContext) failed(new Error("insecure"));
    else navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 0 });
  });
}

function whyNot(error: unknown): string {
  const code = (error as GeolocationPositionError).code;
  if (code === 1) return t("没有定位权限。请在手机设置里允许浏览器使用位置，或直接点地图。");
  if (code === 3) return t("十五秒内没有定到位置。请到室外或窗边再试，或直接点地图。");
  return code ? t("手机暂时给不出位置。请打开定位服务再试，或直接点地图。") : t("这个页面不能定位（需要 HTTPS）。请直接点地图。");
}

async function answerAt(app: App, lat: number, lng: number, accuracy: number): Promise<HTMLElement[]> {
  const [cells, ground, workers] = await Promise.all([app.pack.get("cells"), app.pack.get("ground"), app.pack.get("workers")]);
  if (!cells?.length) return [make("p", { class: "notice warn" }, app.online ? t("正在下载您的网格。") : t("这台手机上还没有您的网格。请联网打开一次。"))];
  const here = whereaboutsAt({ cells, buildings: ground?.buildings ?? [], workers: workers ?? [] }, lng, lat, accuracy);
  const card = make("section", { class: "card here-card" });
  card.append(...title(here), ...border(here, accuracy), ...sureness(accuracy), ...people(here), ...actions(here, lat, lng));
  return [card];
}

function title({ building, away, cell }: Whereabouts): HTMLElement[] {
  const name = building ? (away < 1 ? building.label : t("最近的楼：{building}，{n} 米", { building: building.label, n: Math.round(away) })) : t("附近没有楼栋");
  const below = cell ? `${cell.name}${cell.community ? ` · ${cell.community}` : ""}` : t("这里不在您的网格内。");
  const address = building?.address && building.address !== building.label ? [make("p", { class: "hint" }, building.address)] : [];
  return [make("h2", {}, name), ...address, make("p", { class: cell ? "here-cell" : "notice warn" }, below)];
}

/** Near a border it is said how far, and which cells may be meant. Cells of others are not in the pack: "outside". */
function border({ cell, border, others }: Whereabouts, accuracy: number): HTMLElement[] {
  if (!cell) return others.map(({ cell, metres }) => make("p", {}, t("离 {cell} {n} 米。", { cell: cell.name, n: Math.round(metres) })));
  if (border === null || border > Math.max(accuracy, 15)) return [];
  const names = [cell, ...others.map((one) => one.cell)].map(({ name }) => name);
  const meant = names.length > 1 ? t("可能在 {cells}。", { cells: names.join(t(" 或 ")) }) : t("可能已在您的网格之外。");
  const said = t("离网格边界 {n} 米。", { n: Math.round(border) });
  return [make("p", { class: "notice" }, accuracy > border || others.length ? `${said} ${meant}` : said)];
}

function sureness(accuracy: number): HTMLElement[] {
  if (!accuracy) return [];
  const said = t("位置误差约 ±{n} 米。", { n: Math.round(accuracy) });
  if (accuracy <= POOR_M) return [make("p", { class: "hint" }, said)];
  return [make("p", { class: "notice warn" }, `${said} ${t("误差太大，请到室外再试，或直接点地图。")}`)];
}

function people({ workers, cell }: Whereabouts): HTMLElement[] {
  if (!cell) return [];
  if (!workers.length) return [make("p", { class: "hint" }, t("这个网格目前没有网格员。"))];
  const each = workers.map(({ name, phone }) => {
    const call = phone ? [make("a", { class: "button", href: `tel:${phone}`, "aria-label": t("致电 {name}", { name }) }, phone)] : [];
    return make("li", {}, make("span", {}, name), ...call);
  });
  return [make("ul", { class: "here-workers", "aria-label": t("网格员") }, ...each)];
}

function actions({ building }: Whereabouts, lat: number, lng: number): HTMLElement[] {
  const goal = building ? { lng: middleOf(building.rings)[0], lat: middleOf(building.rings)[1], label: building.label } : { lat, lng, label: t("地图上的一处") };
  const links = building ? [make("a", { class: "button", href: `#building/${building.id}` }, t("打开楼栋"))] : [];
  return [make("div", { class: "here-actions" }, ...links, directionsTo(goal))];
}
