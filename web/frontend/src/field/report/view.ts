// 上报: an incident in three taps, with or without signal.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { App, View } from "../view.ts";
import { ReportForm } from "./form.ts";

export const view: View = {
  name: "report",
  title: t("上报"),
  icon: "",
  show(root, params, app, query) {
    let [form, left]: [ReportForm | null, boolean] = [null, false];
    void open(root, params, app, query).then((made) => {
      form = made;
      if (left) form?.close();
    });
    return () => {
      left = true;
      form?.close();
    };
  },
};

async function open(root: HTMLElement, params: string[], app: App, query: URLSearchParams): Promise<ReportForm | null> {
  if (!app.holder) return root.append(make("p", { class: "notice warn" }, t("请先联网登录一次。"))), null;
  const { pack } = app;
  const [cells, ground, categories, components] = await Promise.all([pack.get("cells"), pack.get("ground"), pack.get("categories"), pack.get("components")]);
  if (!categories) return waitForPack(root, params, app, query), null;
  const known = { cells: cells ?? [], ground: ground ?? { roads: [], buildings: [] }, categories, components };
  const form = new ReportForm(root, app, known, query.get("item") ?? "");
  await form.open(params[0] === "building" ? (params[1] ?? "") : "");
  return form;
}

/** The first visit: the pack is on its way. */
function waitForPack(root: HTMLElement, params: string[], app: App, query: URLSearchParams): void {
  root.append(make("p", { class: "notice", role: "status" }, t("正在把辖区资料下载到手机…")));
  const stop = app.on("pack", () => {
    stop();
    if (root.dataset.view !== "report") return;
    root.replaceChildren();
    view.show(root, params, app, query);
  });
}
