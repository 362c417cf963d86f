// 设置: how the page looks, what the phone carries, the way out.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { keepLook, readLook, type Theme } from "./look.ts";
import { canSeal } from "./sealing.ts";
import { ageSaid } from "./age.ts";
import type { App, View } from "./view.ts";

const THEME_WORDS: Record<Theme, string> = {
  auto: t("跟随手机"),
  light: t("浅色"),
  dark: t("深色"),
  sun: t("强光（高对比）"),
};

export const view: View = {
  name: "settings",
  title: t("设置"),
  icon: "",
  show(root, _params, app) {
    const pack = make("section", { class: "card", "aria-labelledby": "pack-head" });
    root.append(make("h1", {}, t("设置")), looks(), pack, ways());
    const refresh = () => void fillPack(pack, app);
    refresh();
    const stops = (["pack", "progress", "contact"] as const).map((moment) => app.on(moment, refresh));
    return () => stops.forEach((stop) => stop());
  },
};

function looks(): HTMLElement {
  const form = make("form", { class: "card" }, make("h2", {}, t("显示")));
  const now = readLook();
  const themes = make("fieldset", { class: "choices" }, make("legend", {}, t("主题")));
  for (const [theme, word] of Object.entries(THEME_WORDS))
    themes.append(choice("radio", "theme", theme, word, now.theme === theme));
  form.append(themes, choice("checkbox", "large", "1", t("大字"), now.large));
  form.addEventListener("change", () => {
    const chosen = new FormData(form);
    keepLook({ theme: chosen.get("theme") as Theme, large: chosen.has("large") });
  });
  return form;
}

function choice(type: string, name: string, value: string, word: string, checked: boolean): HTMLElement {
  return make("label", { class: "choice" }, make("input", { type, name, value, checked }), make("span", {}, word));
}

async function fillPack(section: HTMLElement, app: App): Promise<void> {
  const age = await app.pack.age();
  const parts: (HTMLElement | string)[] = [make("h2", { id: "pack-head" }, t("手机上的资料"))];
  if (app.progress !== null) parts.push(progress(app.progress));
  else parts.push(make("p", {}, age === null ? t("还没有下载。") : t("资料{age}更新。", { age: ageSaid(Date.now() - age) })));
  const chosen = await app.pack.area();
  if (app.pack.choices.length) parts.push(areas(app));
  const again = make("button", { class: "button", type: "button", disabled: !app.online }, t("立即更新"));
  again.addEventListener("click", () => void app.refresh());
  const other = make("button", { class: "button", type: "button", disabled: !app.online }, t("另选辖区"));
  other.addEventListener("click", () => void app.chooseArea(""));
  parts.push(make("div", { class: "actions" }, again, ...(chosen ? [other] : [])));
  if (app.holder && !(await canSeal(app.holder.holder)))
    parts.push(make("p", { class: "notice warn" }, t("此网址没有加密连接：居民资料不存到手机上，离线时看不到；您写的内容会以明文暂存。")));
  section.replaceChildren(...parts);
}

function progress(share: number): HTMLElement {
  const said = t("正在下载 {percent}%", { percent: Math.round(share * 100) });
  return make("label", { class: "stack" }, said, make("progress", { max: 1, value: share }));
}

function areas(app: App): HTMLElement {
  const select = make("select", {}, make("option", { value: "" }, t("请选择")));
  for (const { code, name } of app.pack.choices) select.append(make("option", { value: code }, name));
  select.addEventListener("change", () => select.value && void app.chooseArea(select.value));
  return make("label", { class: "field" }, make("span", { class: "label" }, t("带在手机上的辖区")), select);
}

function ways(): HTMLElement {
  const english = document.documentElement.lang.startsWith("en");
  const language = make("a", { class: "button", href: "#language" }, english ? "中文" : "English");
  const desk = make("a", { class: "button", href: "/" }, t("完整网站"));
  const out = make("a", { class: "button danger", href: "#out" }, t("退出登录"));
  return make("div", { class: "actions" }, language, desk, out);
}
