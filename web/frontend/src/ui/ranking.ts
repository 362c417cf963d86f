// The ranked table beside the map: the same places and figures, for those who read rather than look. Linked both ways.
import type { Place } from "../address.ts";
import type { NumberFormat } from "../figures/format.ts";
import { classOf } from "../figures/classes.ts";
import { figureAt, HIDDEN, type Figures } from "../figures/values.ts";
import type { State, Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { make } from "./dom.ts";

const PAGE = 100;

export interface Ranking {
  render(): void;
}

interface Wishes {
  choose(place: Place): void;
  /** Codes on screen, or null when all are wanted. */
  inView(): Set<string> | null;
  /** A place's own name, and what it lies in. */
  describe(code: string, name: string): [name: string, parent: string];
}

export function mountRanking(
  root: HTMLElement,
  workspace: Workspace,
  format: NumberFormat,
  wishes: Wishes,
): Ranking {
  let shown = PAGE;
  let falling = true;
  const body = make("tbody");
  const order = make("button", { type: "button", class: "order-button" });
  const more = make("button", { type: "button", class: "button wide" });
  const caption = make("caption", { class: "visually-hidden" });
  const table = make("table", { class: "ranking" }, caption, head(order), body);
  root.replaceChildren(table, more);

  order.addEventListener("click", () => ((falling = !falling), render()));
  more.addEventListener("click", () => ((shown += PAGE), render()));
  body.addEventListener("click", (event) => {
    const place = placeOf(event.target);
    if (place) wishes.choose(place);
  });
  body.addEventListener("pointerover", (event) => workspace.set({ hovered: placeOf(event.target) }));
  body.addEventListener("pointerleave", () => workspace.set({ hovered: null }));
  body.addEventListener("focusin", (event) => workspace.set({ hovered: placeOf(event.target) }));
  workspace.on(["figures"], () => ((shown = PAGE), render()));
  workspace.on(["place", "hovered"], (state) => mark(body, state));

  function render(): void {
    const state = workspace.now;
    const { figures } = state;
    const rows = figures ? ranked(figures, falling, wishes.inView()) : [];
    table.hidden = !rows.length;
    caption.textContent = state.figures ? t("按数值排列的区域") : "";
    order.textContent = `${state.figures?.unit || t("数值")} ${falling ? "▾" : "▴"}`;
    order.setAttribute(
      "aria-label",
      falling ? t("从大到小，点按改为从小到大") : t("从小到大，点按改为从大到小"),
    );
    body.replaceChildren(
      ...rows
        .slice(0, shown)
        .map((row, i) => line(row, i, state, format, (code, name) => wishes.describe(code, name))),
    );
    more.hidden = rows.length <= shown;
    more.textContent = t("再显示 {count} 个", { count: Math.min(PAGE, rows.length - shown) });
    mark(body, state);
  }
  render();
  return { render };
}

function head(order: HTMLElement): HTMLElement {
  const cell = (...content: (Node | string)[]) => make("th", { scope: "col" }, ...content);
  return make("thead", {}, make("tr", {}, cell("#"), cell(t("名称")), cell(order)));
}

/** Rows with known figures in order, then those withheld, then those not known. */
export function ranked({ list, values, state }: Figures, falling: boolean, only: Set<string> | null): number[] {
  const sign = falling ? -1 : 1;
  const weight = (row: number) => (!Number.isNaN(values[row]) ? 0 : state[row] === HIDDEN ? 1 : 2);
  const rows = list.codes.map((_, row) => row).filter((row) => !only || only.has(list.codes[row]));
  return rows.sort((a, b) => weight(a) - weight(b) || sign * (values[a] - values[b]) || a - b);
}

function line(
  row: number,
  i: number,
  { scale, figures }: State,
  format: NumberFormat,
  describe: Wishes["describe"],
): HTMLElement {
  if (!figures) throw new Error("a row without figures");
  const { codes, names } = figures.list;
  const [name, parent] = describe(codes[row], names[row]);
  const lower = parent ? [make("span", { class: "place-parent" }, parent)] : [];
  const button = make(
    "button",
    { type: "button", class: "place-button" },
    make("span", { class: "place-name" }, name),
    ...lower,
  );
  const figure = figureAt(figures, row);
  const value = make("td", { class: "number" }, sayValue(figures, row, format));
  const element = make(
    "tr",
    { "data-code": codes[row] },
    make("td", { class: "rank" }, String(i + 1)),
    make("td", {}, button),
    value,
  );
  if (figure !== null && scale) {
    const largest = scale.classes[scale.classes.length - 1]?.to || 1;
    value.style.setProperty("--share", String(Math.max(0, figure / largest)));
    value.style.setProperty("--colour", scale.colours[classOf(figure, scale.breaks)]);
  }
  return element;
}

function sayValue(figures: Figures, row: number, format: NumberFormat): string {
  const figure = figureAt(figures, row);
  if (figure === null) return figures.state[row] === HIDDEN ? t("不显示") : "–";
  if (figures.classes.length) return figures.classes[figure]?.name ?? "–";
  return figures.unit === "%" ? format.withUnit(figure, figures.unit) : format.say(figure);
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
