// 退出登录: wipes this person's data from the phone; asks first where something is not sent yet.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { App, View } from "./view.ts";

export const view: View = {
  name: "out",
  title: t("退出登录"),
  icon: "",
  show(root, _params, app) {
    const body = make("div", {});
    root.append(make("h1", {}, t("退出登录")), body);
    void ask(body, app);
  },
};

async function ask(body: HTMLElement, app: App): Promise<void> {
  const { mine } = await app.outbox.count();
  const out = make("button", { class: `button ${mine ? "danger" : "primary"} wide`, type: "button" }, t("退出并清除手机上的资料"));
  out.addEventListener("click", () => {
    if (mine && !confirm(t("还有 {n} 条没有发送，退出后会永久丢失。确定退出吗？", { n: mine }))) return;
    out.disabled = true;
    void app.leave();
  });
  const warning = make("p", { class: "notice error" }, t("还有 {n} 条没有发送。退出会删除它们；请先联网发送，或存为文件。", { n: mine }));
  const first = make("a", { class: "button", href: "#waiting" }, t("查看待发送"));
  const plain = make("p", {}, t("手机上的辖区资料会被清除，下次登录后重新下载。"));
  body.replaceChildren(...(mine ? [warning, first] : []), plain, out);
}
