// 待发送: what was written here and is not yet stored by the server, with its state and what can be done about it.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import { compare } from "./comparing.ts";
import type { Item } from "./outbox.ts";
import { exportItems } from "./exporting.ts";
import type { App, View } from "./view.ts";

const KIND: Record<string, string> = {
  report: t("上报"),
  visit: t("走访"),
  move: t("事件办理"),
  door: t("户室"),
  floor: t("楼层"),
  unit: t("单元"),
  life: t("人员变动"),
  organisation: t("新单位"),
  check: t("单位检查"),
};
/** Kinds whose own form shows both sides, in words: "edit" leads there. */
const OWN_SIDES = new Set(["door"]);
const STATE = { waiting: t("等待发送"), refused: t("未被接受，请修改"), conflict: t("与服务器上的不一致") };

export const view: View = {
  name: "waiting",
  title: t("待发送"),
  icon: "",
  show(root, _params, app) {
    const body = make("div", { class: "waiting" });
    root.append(make("h1", {}, t("待发送")), body);
    const refresh = () => void fill(body, app);
    refresh();
    const stops = [app.on("outbox", refresh), app.on("contact", refresh)];
    return () => stops.forEach((stop) => stop());
  },
};

async function fill(body: HTMLElement, app: App): Promise<void> {
  const items = await app.outbox.list();
  const { others } = await app.outbox.count();
  const parts: HTMLElement[] = items.map((item) => card(item, app));
  if (app.outbox.locked) parts.push(make("p", { class: "notice warn" }, t("太久没有联网，联网登录后才显示待发送的内容；它们还在手机上，没有丢失。")));
  else if (!items.length) parts.push(make("p", { class: "hint" }, t("全部已发送，没有等待的内容。")));
  if (others) parts.push(make("p", { class: "notice warn" }, t("这台手机上另有 {n} 条是其他用户写的，由本人登录后发送。", { n: others })));
  if (items.length) parts.push(actions(app));
  body.replaceChildren(...parts);
}

function actions(app: App): HTMLElement {
  const retry = make("button", { class: "button", type: "button" }, t("立即发送"));
  retry.addEventListener("click", () => (app.retry(), app.say(t("正在发送。"))));
  const save = make("button", { class: "button", type: "button" }, t("存为文件"));
  save.addEventListener("click", () => void exportItems(app));
  return make("div", { class: "actions" }, retry, save);
}

function card(item: Item, app: App): HTMLElement {
  const title = item.title || KIND[item.kind] || item.kind;
  const written = new Date(item.written).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const photos = item.photos ? ` · ${t("{n} 张照片", { n: item.photos })}` : "";
  const article = make(
    "article",
    { class: "card waiting-item", "data-state": item.state, "data-uuid": item.uuid },
    make("h2", {}, title),
    make("p", { class: "hint" }, `${KIND[item.kind] ?? item.kind} · ${written}${photos}`),
    make("p", { class: "waiting-state" }, STATE[item.state]),
    ...problem(item),
    buttons(item, title, app),
  );
  const storedBefore = "stored" in (item.problem?.theirs ?? {}); // whatever the kind
  if (item.state === "conflict" && (storedBefore || !OWN_SIDES.has(item.kind))) article.insertBefore(compare(item, app), article.lastChild);
  return article;
}

function problem({ problem, labels }: Item): HTMLElement[] {
  if (!problem) return [];
  const fields = Object.entries(problem.fields ?? {})
    .filter(([, why]) => !why.startsWith(problem.error))
    .map(([name, why]) => make("li", {}, labels?.[name] ? `${labels[name]}：${why}` : why));
  const said = make("p", {}, make("strong", {}, problem.error), ` ${problem.fix}`);
  return [make("div", { class: "notice error" }, said, ...(fields.length ? [make("ul", {}, ...fields)] : []))];
}

function buttons(item: Item, title: string, app: App): HTMLElement {
  const row = make("div", { class: "actions" });
  if (item.edit) row.append(make("a", { class: "button", href: editing(item) }, t("修改")));
  const drop = make("button", { class: "button danger", type: "button", "aria-label": t("删除 {title}", { title }) }, t("删除"));
  drop.addEventListener("click", () => {
    if (confirm(t("删除后无法恢复，确定删除“{title}”吗？", { title }))) void app.outbox.remove(item.uuid);
  });
  row.append(drop);
  return row;
}

function editing({ edit = "", uuid }: Item): string {
  return `${edit}${edit.includes("?") ? "&" : "?"}item=${uuid}`;
}
