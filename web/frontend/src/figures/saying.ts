// What is written of a figure: the same words in the table, beside the pointer and in the export.
import { t } from "../words.ts";
import type { NumberFormat } from "./format.ts";
import { changeOf, DOUBTFUL, figureAt, HIDDEN, type Figures } from "./values.ts";

/** The figure of a row. `unit`: with its unit, where it stands alone. */
export function sayFigure(figures: Figures, row: number, format: NumberFormat, unit = false): string {
  const figure = figureAt(figures, row);
  if (figure === null) return figures.state[row] === HIDDEN ? (unit ? t("人数少，不显示") : t("不显示")) : "–";
  const said = figures.classes.length
    ? (figures.classes[figure]?.name ?? "–")
    : unit || figures.unit === "%"
      ? format.withUnit(figure, figures.unit)
      : format.say(figure);
  return figures.state[row] === DOUBTFUL ? `${said} ${t("（数据少）")}` : said;
}

/** "▲ +3 (+25%)" since the period before; "" where it is not known. An arrow, because not everybody sees the colour. */
export function sayChange(figures: Figures, row: number, format: NumberFormat): string {
  const [figure, before] = [figures.values[row], figures.previous?.[row] ?? NaN];
  const difference = figure - before;
  if (Number.isNaN(difference)) return "";
  const percent = changeOf(figure, before, "percent");
  const arrow = difference > 0 ? "▲" : difference < 0 ? "▼" : "＝";
  const points = figures.unit === "%" ? t("个百分点") : "";
  const rate = points || Number.isNaN(percent) ? "" : ` (${format.change(percent, true)})`;
  return `${arrow} ${format.change(difference, false)}${points}${rate}`;
}

/** What stands under a place's name on the map, by its id in the tiles; "" for nothing. */
export function sayOnMap(figures: Figures, id: number, format: NumberFormat): string {
  const row = figures.list.rowOfId.get(id);
  if (row === undefined || figures.classes.length || Number.isNaN(figures.shown[row])) return "";
  if (figures.compare) return format.change(figures.shown[row], figures.compare === "percent");
  return figures.unit === "%" ? format.withUnit(figures.values[row], "%") : format.say(figures.values[row]);
}
