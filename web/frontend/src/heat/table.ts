// The same figures as a table: incidents of each time bin on screen, newest first.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Cube } from "./cube.ts";
import { sayCount } from "./numbers.ts";
import { describeSpan } from "./periods.ts";

export function makeTable(cube: Cube, counts: ArrayLike<number>, language: string): HTMLElement {
  const order = Array.from({ length: cube.steps }, (_, k) => (cube.cyclic ? k : cube.steps - 1 - k));
  const rows = order.map((k) =>
    make("tr", {}, make("th", { scope: "row" }, describeSpan(cube, { from: k, width: 1 }, language)), make("td", { class: "number" }, sayCount(counts[k], language))),
  );
  const head = make("tr", {}, make("th", { scope: "col" }, t("时段")), make("th", { scope: "col", class: "number" }, t("当前视野的事件数")));
  return make("table", { class: "table" }, make("caption", { class: "visually-hidden" }, t("各时段的事件数")), make("thead", {}, head), make("tbody", {}, ...rows));
}
