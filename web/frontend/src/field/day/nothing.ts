// What is said where the phone has no list of visits (yet): before the first download, and where an area must be chosen.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { App } from "../view.ts";

/** `area`: the one chosen to take along, "" for all of one's own. */
export function nothingYet(app: App, area: string): HTMLElement {
  if (!app.online) return make("p", { class: "notice warn" }, t("这台手机上还没有走访名单。请联网打开一次。"));
  if (area || !app.pack.choices.length) return make("p", { class: "notice" }, t("正在下载您的网格。"));
  const choose = make("a", { class: "button", href: "#settings" }, t("选择辖区"));
  return make("div", { class: "notice" }, make("p", {}, t("您的辖区较大。请在设置里选一个社区或网格带在手机上。")), choose);
}
