// 单位: one unit with its check, `#organisation/12`; a new one of a building, `#organisation/new/34`.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import { keep } from "../doors/keeping.ts";
import { NoRoom } from "../outbox.ts";
import type { App, View } from "../view.ts";
import { checkForm, newForm } from "./form.ts";
import { standingOf } from "./list.ts";
import { nameOfKind, readOrganisations, type Organisation, type Organisations } from "./model.ts";

export const view: View = {
  name: "organisation",
  title: t("单位"),
  icon: "",
  show(root, params, app, query) {
    let left = false;
    const body = make("div", { class: "building" });
    root.append(body);
    const fill = async () => {
      const parts = await screen(app, params, query.get("item"));
      if (!left) body.replaceChildren(...parts);
    };
    void fill();
    // what is being filled in stays as it is, whatever comes meanwhile
    const stops = [app.on("pack", () => void (body.querySelector("form") || fill()))];
    return () => {
      left = true;
      stops.forEach((stop) => stop());
    };
  },
};

async function screen(app: App, params: readonly string[], uuid: string | null): Promise<HTMLElement[]> {
  const [all, ground, item] = await Promise.all([readOrganisations(app), app.pack.get("ground"), uuid ? app.outbox.get(uuid) : null]);
  if (!all) return [make("p", { class: "notice warn" }, t("单位的数据还没有下载到手机。请联网后再打开。"))];
  const building = params[0] === "new" ? Number(params[1]) : all.rows.find(({ id }) => id === Number(params[0]) && id)?.building;
  const label = ground?.buildings.find(({ id }) => id === building)?.label ?? "";
  const back = make("p", {}, make("a", { href: `#building/${building ?? ""}` }, `‹ ${label || t("楼栋")}`));
  if (params[0] === "new" && building) {
    const save = (body: Record<string, unknown>) => void store(app, "organisation", { ...body, building }, `${label} ${String(body.name)}`, `#organisation/new/${building}`, building, uuid);
    return [back, newForm(all.part, item, save)];
  }
  const one = all.rows.find(({ id }) => id === Number(params[0]) && id);
  if (!one) return [back, make("p", { class: "notice warn" }, t("没有找到这个单位，它可能已停业或不在手机上的辖区内。"))];
  const waits = item ?? (one.check ? await app.outbox.get(one.check.uuid) : null);
  const save = (body: Record<string, unknown>) => void store(app, "check", { ...body, organisation: one.id }, t("检查：{name}", { name: one.name }), `#organisation/${one.id}`, one.building, waits?.uuid ?? null);
  const writes = app.holder?.able.includes("people.write") ?? false;
  return [back, make("h1", {}, one.name), make("p", {}, standingOf(one)), facts(one, all), whole(one), ...(writes ? [checkForm(all.part, waits, save)] : [])];
}

function facts(one: Organisation, { part }: Organisations): HTMLElement {
  const names = Object.fromEntries(part.hazards);
  const rows: [string, string][] = [
    [t("类别"), nameOfKind(part, one.kind)],
    [t("房号或位置"), one.door],
    [t("负责人"), one.person],
    [t("电话"), one.phone],
    [t("从业人数"), one.staff === null ? "" : String(one.staff)],
    [t("隐患"), one.hazards.map((code) => names[code] ?? code).join("、") || t("无")],
    [t("上次检查"), one.checked || t("还没有检查过")],
  ];
  return make("dl", { class: "facts" }, ...rows.filter(([, value]) => value).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

/** The record with its earlier checks, and the whole phone for whoever may have it, needs the server. */
function whole(one: Organisation): HTMLElement {
  return make("p", {}, make("a", { href: `/organisations/${one.id}/` }, t("完整档案（需联网）")));
}

async function store(app: App, kind: string, body: Record<string, unknown>, title: string, edit: string, building: number, uuid: string | null): Promise<void> {
  try {
    await keep(app, kind, body, { title, edit, uuid: uuid ?? undefined });
    app.go(`#building/${building}`);
    scrollTo(0, 0);
  } catch (error) {
    app.say(error instanceof NoRoom ? t("手机存储已满，没有保存。请清理后再试，内容还在。") : t("没有保存成功，内容还在，请再试一次。"));
  }
}
