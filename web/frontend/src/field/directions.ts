// Handing a place over to the phone's map app, in the coordinates that app expects. Nothing but the place is told.
import { toGcj02 } from "../gcj02.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

export interface Goal {
  readonly lat: number;
  readonly lng: number;
  /** An address, never a person. */
  readonly label: string;
}

interface MapApp {
  readonly name: string;
  readonly title: string;
  link(goal: Goal): string;
}

/** Amap, Tencent and, in China, Apple take GCJ-02, Baidu its BD-09; what answers `geo:` takes WGS 84. */
export const MAP_APPS: readonly MapApp[] = [
  {
    name: "amap",
    title: t("高德地图"),
    link: (goal) => {
      const [lat, lng] = shown(toGcj02(goal.lat, goal.lng));
      const start = /iPhone|iPad/.test(globalThis.navigator?.userAgent ?? "") ? "iosamap://path" : "amapuri://route/plan/";
      return `${start}?sourceApplication=wangge&dlat=${lat}&dlon=${lng}&dname=${encodeURIComponent(goal.label)}&dev=0&t=2`;
    },
  },
  {
    name: "baidu",
    title: t("百度地图"),
    link: (goal) => {
      const [lat, lng] = shown(toBd09(goal.lat, goal.lng));
      const to = encodeURIComponent(`latlng:${lat},${lng}|name:${goal.label}`);
      return `baidumap://map/direction?destination=${to}&coord_type=bd09ll&mode=walking&src=wangge`;
    },
  },
  {
    name: "tencent",
    title: t("腾讯地图"),
    link: (goal) => {
      const [lat, lng] = shown(toGcj02(goal.lat, goal.lng));
      return `qqmap://map/routeplan?type=walk&to=${encodeURIComponent(goal.label)}&tocoord=${lat},${lng}&referer=wangge`;
    },
  },
  {
    name: "apple",
    title: t("苹果地图"),
    link: (goal) => `maps:?daddr=${shown(toGcj02(goal.lat, goal.lng)).join(",")}&dirflg=w`,
  },
  {
    name: "geo",
    title: t("其他地图"),
    link: (goal) => {
      const [lat, lng] = shown([goal.lat, goal.lng]);
      return `geo:${lat},${lng}?q=${lat},${lng}(${encodeURIComponent(goal.label)})`;
    },
  },
];

/** From WGS 84 to Baidu's own shift on top of GCJ-02, degrees; constants as in `gis/crs.py`. */
export function toBd09(lat: number, lng: number): [lat: number, lng: number] {
  const [y, x] = toGcj02(lat, lng);
  const turn = (Math.PI * 3000) / 180;
  const radius = Math.hypot(x, y) + 0.00002 * Math.sin(y * turn);
  const angle = Math.atan2(y, x) + 0.000003 * Math.cos(x * turn);
  return [radius * Math.sin(angle) + 0.006, radius * Math.cos(angle) + 0.0065];
}

/** Six digits of a degree are a hand's breadth. */
function shown([lat, lng]: [number, number]): [string, string] {
  return [lat.toFixed(6), lng.toFixed(6)];
}

const KEPT = "wangge.map-app";

/** A link to the app used last, and the others under it. */
export function directionsTo(goal: Goal): HTMLElement {
  const box = make("div", { class: "directions" });
  const show = () => {
    const last = MAP_APPS.find(({ name }) => name === localStorage.getItem(KEPT));
    const others = make("details", { open: !last }, make("summary", {}, last ? t("用别的地图导航") : t("导航到这里")), make("ul", {}, ...MAP_APPS.filter((app) => app !== last).map((app) => make("li", {}, linkTo(app, app.title)))));
    box.replaceChildren(...(last ? [linkTo(last, t("用{app}导航", { app: last.title }))] : []), others);
  };
  const linkTo = (app: MapApp, text: string) => {
    const link = make("a", { class: "button", href: app.link(goal), rel: "noreferrer" }, text);
    link.addEventListener("click", () => {
      localStorage.setItem(KEPT, app.name);
      setTimeout(show); // after the browser followed the link
    });
    return link;
  };
  show();
  return box;
}
