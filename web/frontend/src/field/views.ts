// The views of the field page, in the order of the bar. A view is a file beside this one and a line here.
// Large ones come when they are first opened; the small ones with the page, since every piece costs a slow line a wait.
import { t } from "../words.ts";
import { view as language } from "./language.ts";
import { view as out } from "./out.ts";
import { view as settings } from "./settings.ts";
import type { Entry } from "./view.ts";
import { view as waiting } from "./waiting.ts";

export const VIEWS: Entry[] = [
  {
    name: "day",
    title: t("今天"),
    icon: "M5 5.5h14V20H5zM5 10h14M9 3v4m6-4v4m-6.5 8.5 2.5 2.5 4.5-5",
    tab: true,
    load: () => import("./day/view.ts"),
  },
  {
    name: "find",
    title: t("查址"),
    icon: "M16 16l4.5 4.5M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13",
    tab: true,
    load: () => import("./find/view.ts"),
  },
  {
    name: "building",
    title: t("楼栋"),
    icon: "M5 20V5.5L13 3v17m0-11.5 6 2V20M3 20h18M8 8.5h2M8 12h2m-2 3.5h2m6-3h.5m-.5 3.5h.5",
    tab: true,
    load: () => import("./building.ts"),
  },
  {
    name: "life",
    title: t("登记变动"),
    icon: "",
    tab: false,
    under: "building",
    may: (holder) => holder.able.includes("people.write"),
    load: () => import("./life/view.ts"),
  },
  {
    name: "organisation",
    title: t("单位"),
    icon: "",
    tab: false,
    under: "building",
    may: (holder) => holder.able.includes("people.read"),
    load: () => import("./organisations/view.ts"),
  },
  {
    name: "report",
    title: t("上报"),
    icon: "M12 5v14M5 12h14M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19",
    tab: true,
    may: (holder) => holder.able.includes("incident.write"),
    load: () => import("./report/view.ts"),
  },
  {
    name: "here",
    title: t("我在哪"),
    icon: "M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
    tab: true,
    load: () => import("./here/view.ts"),
  },
  {
    name: "waiting",
    title: t("待发送"),
    icon: "M4 13.5 6.5 5h11L20 13.5V19H4zM4 13.5h4.5l1.5 2.5h4l1.5-2.5H20M12 12V7.5m-2 2 2-2 2 2",
    tab: true,
    load: async () => ({ view: waiting }),
  },
  { name: "settings", title: t("设置"), icon: "", tab: false, load: async () => ({ view: settings }) },
  { name: "language", title: "中文 / English", icon: "", tab: false, load: async () => ({ view: language }) },
  { name: "out", title: t("退出登录"), icon: "", tab: false, load: async () => ({ view: out }) },
];
