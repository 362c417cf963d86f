// The ranked table beside the map: the same places and figures, for those who read rather than look. Linked both ways.
import type { Place } from "../address.ts";
import type { NumberFormat } from "../figures/format.ts";
import { ranked, type Column, type Named, type Order } from "../figures/order.ts";
import { sayChange, sayFigure } from "../figures/saying.ts";
import { figureAt, type Figures } from "../figures/values.ts";
import type { State, Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { make } from "./dom.ts";

const PAGE = 100;

export interface Ranking {
  render(): void;
  /** Rows of the figures in the order of the table, those not yet on screen too. */
  rows(): number[];
}

interface Wishes {
  choose(place: Place): void;
  /** Show what lies in a place; null where nothing smaller is drawn. */
  drill: ((code: string) => void) | null;
  /** Whether a row of the figures is wanted in the table. */
  wanted(figures: Figures): (row: number) => boolean;
  describe(figures: Figures, row: number): Named;
}

export function mountRanking(
  root: HTMLElement,
  workspace: Workspace,
  format: NumberFormat,
  wishes: Wishes,
): Ranking {
  let shown = PAGE;
  let order: Order = { by: "value", falling: true };
  let rows: number[] = [];
  let comparing = false;
  const body = make("tbody");
  const head = make("tr");
  const more = make("button", { type: "button", class: "button wide" });
  const empty = make("p", { class: "soft", hidden: true }, t("没有可列出的区域。"));
  const caption = make("caption", { class: "visually-hidden" });
  const table = make("table", { class: "ranking" }, caption, make("thead", {}, head), body);
  root.replaceChildren(table, empty, more);

  head.addEventListener("click", (event) => {
    const by = (event.target as Element).closest<HTMLElement>("[data-by]")?.dataset.by as Column | undefined;
    if (!by) return;
    order = { by, falling: order.by === by ? !order.falling : by !== "name" };
    render();
    head.querySelector<HTMLElement>(`[data-by=${by}]`)?.focus();
  });
  more.addEventListener("click", () => ((shown += PAGE), render()));
  body.addEventListener("click", (event) => {
    const place = placeOf(event.target);
    if (!place) return;
    if ((event.target as Element).closest(".drill")) wishes.drill?.(place.key);
    else wishes.choose(place);
  });
  body.addEventListener("pointerover", (event) => workspace.set({ hovered: placeOf(event.target) }));
  body.addEventListener("pointerleave", () => workspace.set({ hovered: null }));
  body.addEventListener("focusin", (event) => workspace.set({ hovered: placeOf(event.target) }));
  // The map first: a long table may come a frame later.
  workspace.on(["indicator", "level", "within"], () => (shown = PAGE));
  workspace.on(["figures"], ({ figures }) => {
    const compares = Boolean(figures?.compare);
    if (compares !== comparing) order = { by: compares ? "change" : "value", falling: true };
    comparing = compares;
    requestAnimationFrame(render);
  });
  workspace.on(["scale", "lit"], () => requestAnimationFrame(render));
  workspace.on(["place", "hovered"], (state) => mark(body, state));

  function render(): void {
    const { figures } = workspace.now;
    rows = figures ? ranked(figures, order, wishes.wanted(figures)) : [];
    table.hidden = !rows.length;
    empty.hidden = Boolean(rows.length) || !figures;
    caption.textContent = figures ? t("按数值排列的区域") : "";
    head.replaceChildren(...(figures ? headCells(figures, order) : []));
    const focused = placeOf(body.contains(document.activeElement) ? document.activeElement : null)?.key;
    body.replaceChildren(...rows.slice(0, shown).map((row, i) => line(row, i)));
    if (focused) body.querySelector<HTMLElement>(`[data-code="${focused}"] button`)?.focus({ preventScroll: true });
    more.hidden = rows.length <= shown;
    more.textContent = t("再显示 {count} 个", { count: Math.min(PAGE, rows.length - shown) });
    mark(body, workspace.now);
  }

  function line(row: number, i: number): HTMLElement {
    const { figures, scale, lit } = workspace.now;
    if (!figures) throw new Error("a row without figures");
    const element = make(
      "tr",
      { "data-code": figures.list.codes[row], class: lit !== null && scale?.shades[row] !== lit ? "faded" : null },
      make("td", { class: "rank" }, String(i + 1)),
      nameCell(wishes.describe(figures, row), Boolean(wishes.drill)),
      numberCell(figures, row, workspace.now, format),
    );
    if (figures.compare) element.append(make("td", { class: "change" }, sayChange(figures, row, format) || "–"));
    return element;
  }

  render();
  return { render, rows: () => rows };
}

function headCells(figures: Figures, order: Order): HTMLElement[] {
  const names: [Column, string][] = [
    ["name", t("名称")],
    ["value", figures.unit || t("数值")],
  ];
  if (figures.compare) names.push(["change", t("比上期")]);
  return [make("th", { scope: "col", class: "rank" }, "#"), ...names.map(([by, name]) => headCell(by, name, order))];
}

function headCell(by: Column, name: string, order: Order): HTMLElement {
  const sorted = order.by === by ? (order.falling ? "descending" : "ascending") : "none";
  const arrow = sorted === "none" ? "" : order.falling ? " ▾" : " ▴";
  const button = make("button", { type: "button", class: "order-button", "data-by": by }, name, make("span", { "aria-hidden": "true" }, arrow));
  return make("th", { scope: "col", "aria-sort": sorted, class: by }, button);
}

function nameCell({ name, parent }: Named, drills: boolean): HTMLElement {
  const lower = parent ? [make("span", { class: "place-parent" }, parent)] : [];
  const button = make("button", { type: "button", class: "place-button" }, make("span", { class: "place-name" }, name), ...lower);
  const cell = make("td", { class: "place" }, button);
  const label = t("看 {name} 里面", { name });
  if (drills) cell.append(make("button", { type: "button", class: "drill", "aria-label": label, title: label }, "›"));
  return cell;
}

function numberCell(figures: Figures, row: number, { scale }: State, format: NumberFormat): HTMLElement {
  const cell = make("td", { class: "number" }, sayFigure(figures, row, format));
  const figure = figureAt(figures, row);
  if (figure === null || !scale) return cell;
  const largest = Math.max(...scale.classes.map((one) => one.to));
  const share = figures.classes.length || figures.compare ? 1 : Math.max(0, figure / (largest || 1));
  cell.style.setProperty("--share", String(share));
  cell.style.setProperty("--colour", scale.colours[scale.shades[row]] ?? "transparent");
  return cell;
}

function placeOf(target: EventTarget | null): Place | null {
  const code = (target as Element | null)?.closest<HTMLElement>("tr[data-code]")?.dataset.code;
  return code ? { kind: code.length === 15 ? "cell" : "area", key: code } : null;
}

function mark(body: HTMLElement, { place, hovered }: State): void {
  for (const row of body.querySelectorAll<HTMLElement>("tr")) {
    const chosen = row.dataset.code === place?.key && place?.kind !== "building";
    row.classList.toggle("chosen", chosen);
    row.classList.toggle("hovered", row.dataset.code === hovered?.key);
    row.querySelector("button")?.setAttribute("aria-pressed", String(chosen));
    if (chosen) row.scrollIntoView({ block: "nearest" });
  }
}
