// The buildings on this phone, each with how many of its doors are verified.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { BuildingPart, DoorRow } from "../parts.ts";
import type { App } from "../view.ts";
import { standing, type Answer } from "./model.ts";
import { compareNaturally } from "./numbering.ts";

const MOST = 60;

export async function buildingList(app: App): Promise<HTMLElement[]> {
  const [ground, rows] = await Promise.all([app.pack.get("ground"), app.pack.get("doors")]);
  const head = make("h1", {}, t("楼栋"));
  if (!ground || !rows) return [head, make("p", { class: "hint" }, t("还没有下载数据。请联网后再打开。"))];
  const counts = countByBuilding(rows);
  const all = [...ground.buildings].sort((a, b) => compareNaturally(a.label, b.label));
  const list = make("ul", { class: "building-list" });
  const box = make("input", { type: "search", placeholder: t("查楼栋"), "aria-label": t("查楼栋"), autocomplete: "off" });
  const fill = () => list.replaceChildren(...all.filter((one) => fits(one, box.value)).slice(0, MOST).map((one) => line(one, counts.get(one.id))));
  box.addEventListener("input", fill);
  fill();
  return [head, box, list];
}

function fits({ label, address, code }: BuildingPart, typed: string): boolean {
  const text = typed.normalize("NFKC").trim();
  return !text || label.includes(text) || address.includes(text) || code.startsWith(text);
}

function countByBuilding(rows: DoorRow[]): Map<number, { all: number; verified: number }> {
  const found = new Map<number, { all: number; verified: number }>();
  for (const [building, , , , , state, answer, verified, tried] of rows) {
    if (state === "gone") continue;
    const one = found.get(building) ?? { all: 0, verified: 0 };
    one.all += 1;
    if (standing({ verified, tried, answer: answer as Answer }) === "verified") one.verified += 1;
    found.set(building, one);
  }
  return found;
}

function line({ id, label, address }: BuildingPart, count = { all: 0, verified: 0 }): HTMLElement {
  const words = count.all ? t("已核实 {done} / {all}", { done: count.verified, all: count.all }) : t("没有登记户室");
  return make("li", {}, make("a", { href: `#building/${id}` }, make("b", {}, label), make("span", { class: "hint" }, [address, words].filter(Boolean).join(" · "))));
}
