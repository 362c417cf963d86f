// The cells and their figures, linked with the map; while something is pending each figure says what it would become.
import { make } from "../ui/dom.ts";
import { saveText } from "../figures/saving.ts";
import { t } from "./words.ts";
import { remember, remembered, type Board } from "./board.ts";
import { columnsOf, csvOf, FIRST_COLUMNS, percent, sayDifference, summed, verdict, type Column } from "./columns.ts";
import { PADLOCK } from "./marks.ts";
import type { Plan } from "./model.ts";
import type { Row } from "./settings.ts";
import { icon } from "./toolbar.ts";

const PAGE = 150;

interface Wishes {
  choose(number: number | null): void;
  zoom(number: number): void;
  name: string;
  loads: Record<string, string>;
  /** The colour that a cell has on the map, "" for none of its own. */
  swatch(number: number): string;
}

export class CellTable {
  private readonly all: Column[];
  private shown: string[];
  private order: { by: string; falling: boolean } = { by: "number", falling: false };
  private most = PAGE;
  private readonly lines = new Map<number, HTMLTableRowElement>();
  private readonly head = make("tr");
  private readonly body = make("tbody");
  private readonly foot = make("tfoot");
  private readonly more = make("button", { type: "button", class: "button wide", hidden: true });
  private tried: number[] = [];

  constructor(
    root: HTMLElement,
    private readonly plan: Plan,
    private readonly board: Board,
    private readonly wishes: Wishes,
  ) {
    this.all = columnsOf(wishes.loads);
    this.shown = remembered().columns ?? FIRST_COLUMNS;
    const table = make("table", { class: "plan-cells" }, make("caption", { class: "visually-hidden" }, t("网格和它们的指标")), make("thead", {}, this.head), this.body, this.foot);
    root.append(this.tools(), make("div", { class: "plan-cells-frame", tabindex: 0, role: "region", "aria-label": t("网格和它们的指标") }, table), this.more);
    this.more.addEventListener("click", () => ((this.most += PAGE), this.render()));
    this.listen();
    this.render();
  }

  private get columns(): Column[] {
    return this.all.filter(({ key }) => this.shown.includes(key));
  }

  /** Figures that are being tried out. */
  private get then(): Map<number, Row> | null {
    return this.board.now.pending?.trial ?? this.board.now.wished;
  }

  /** Write all of it anew. */
  render(): void {
    const numbers = this.sorted();
    this.lines.clear();
    this.head.replaceChildren(this.heading("number", t("网格")), ...this.columns.map(({ key, word }) => this.heading(key, word)));
    const listed = numbers.slice(0, this.most);
    const { chosen } = this.board.now;
    if (chosen && !listed.includes(chosen) && numbers.includes(chosen)) listed.push(chosen);
    this.body.replaceChildren(...listed.map((number) => this.line(number)));
    if (!numbers.length) this.body.append(make("tr", {}, make("td", { colspan: this.columns.length + 1, class: "soft" }, t("方案里还没有网格。"))));
    this.more.hidden = numbers.length <= this.most;
    this.more.textContent = t("再显示一些（共 {count} 个）", { count: numbers.length });
    this.renderFoot();
    this.mark();
  }

  /** Write anew the lines of some cells. */
  renew(cells: Iterable<number>): void {
    for (const number of cells) {
      const line = this.lines.get(number);
      if (line) this.fill(line, number);
    }
    this.renderFoot();
  }

  private listen(): void {
    const numberOf = (event: Event) => {
      const line = (event.target as Element).closest<HTMLElement>("tr[data-number]");
      return line ? Number(line.dataset.number) : null;
    };
    this.head.addEventListener("click", (event) => {
      const by = (event.target as Element).closest<HTMLElement>("[data-by]")?.dataset.by;
      if (!by) return;
      this.order = { by, falling: this.order.by === by ? !this.order.falling : by !== "number" };
      this.render();
      this.head.querySelector<HTMLElement>(`[data-by="${by}"]`)?.focus();
    });
    this.body.addEventListener("click", (event) => {
      const number = numberOf(event);
      if (number === null) return;
      this.wishes.choose(number);
      this.wishes.zoom(number);
    });
    // A second click means the cell again, and marks no word.
    this.body.addEventListener("mousedown", (event) => event.detail > 1 && event.preventDefault());
    this.body.addEventListener("pointerover", (event) => this.board.set({ hovered: numberOf(event) }));
    this.body.addEventListener("pointerleave", () => this.board.set({ hovered: null }));
    this.body.addEventListener("focusin", (event) => this.board.set({ hovered: numberOf(event) }));
    this.body.addEventListener("focusout", () => this.board.set({ hovered: null }));
    this.body.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const buttons = [...this.body.querySelectorAll<HTMLElement>("button.cell-name")];
      buttons[buttons.indexOf(event.target as HTMLElement) + step]?.focus();
    });
    this.board.on(["chosen", "hovered"], () => this.mark());
    this.board.on(["shading"], () => this.render());
    this.board.on(["chosen"], ({ chosen }) => {
      if (chosen && !this.lines.has(chosen)) this.render();
      const line = this.lines.get(chosen ?? -1);
      if (line) scrollTo(line);
    });
    this.board.on(["pending", "wished"], () => {
      const now = [...(this.then?.keys() ?? [])];
      this.renew(new Set([...this.tried, ...now]));
      this.tried = now;
    });
  }

  private mark(): void {
    const { chosen, hovered } = this.board.now;
    for (const [number, line] of this.lines) {
      line.classList.toggle("chosen", number === chosen);
      line.classList.toggle("hovered", number === hovered);
      line.querySelector("button")?.setAttribute("aria-pressed", String(number === chosen));
    }
  }

  private sorted(): number[] {
    const { by, falling } = this.order;
    const value = (number: number) => (by === "number" ? number : (this.plan.figures.get(number)?.[by] ?? 0));
    const numbers = [...this.plan.cells.keys()].sort((a, b) => value(a) - value(b) || a - b);
    return falling ? numbers.reverse() : numbers;
  }

  private heading(by: string, word: string): HTMLElement {
    const here = this.order.by === by;
    const sorted = here ? (this.order.falling ? "descending" : "ascending") : "none";
    const sign = here ? (this.order.falling ? " ↓" : " ↑") : "";
    return make("th", { scope: "col", "aria-sort": sorted }, make("button", { type: "button", "data-by": by }, word, make("span", { "aria-hidden": "true" }, sign)));
  }

  private line(number: number): HTMLTableRowElement {
    const line = make("tr", { "data-number": number });
    this.lines.set(number, line);
    this.fill(line, number);
    return line;
  }

  private fill(line: HTMLTableRowElement, number: number): void {
    const cell = this.plan.cells.get(number);
    if (!cell) return;
    const focused = line.contains(document.activeElement);
    const fill = this.wishes.swatch(number);
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = fill;
    const button = make("button", { type: "button", class: "cell-name" }, ...(fill ? [swatch] : []), make("b", {}, String(number)), make("span", { title: cell.name }, this.plan.shortName(number)));
    if (cell.locked) button.append(make("span", { class: "lock" }, icon(PADLOCK), make("span", { class: "visually-hidden" }, t("已锁定"))));
    const now = this.plan.figures.get(number);
    const then = this.then?.get(number);
    line.replaceChildren(make("th", { scope: "row" }, button), ...this.columns.map((column) => this.figure(column, now, then)));
    line.classList.toggle("pending", Boolean(then));
    line.classList.toggle("chosen", number === this.board.now.chosen);
    if (focused) button.focus();
  }

  private figure(column: Column, now: Row | undefined, then: Row | undefined): HTMLElement {
    const value = (then ?? now)?.[column.key] ?? 0;
    const by = now && then ? sayDifference(column, now[column.key] ?? 0, then[column.key] ?? 0) : "";
    const change = by ? [make("span", { class: by.startsWith("−") ? "less" : "more" }, by)] : [];
    if (column.key === "deviation") return make("td", { class: "deviation" }, this.bar(value), ...change);
    const bad = (column.key === "parts" && value > 1) || (column.key === "crossing" && value > 0.5);
    return make("td", { class: bad ? "bad" : "" }, bad ? `⚠ ${column.say(value)}` : column.say(value), ...change);
  }

  /** The deviation as a mark on a scale with the band of what is tolerated, and in figures. */
  private bar(value: number): HTMLElement {
    const { tolerance } = this.plan.standing;
    const judged = verdict(value, tolerance);
    const reach = 4 * tolerance;
    const share = 50 + (50 * Math.max(-reach, Math.min(reach, value))) / reach;
    const svg = `<svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true"><rect class="whole" y="4" width="100" height="4" rx="2"/><rect class="band" x="37.5" y="2" width="25" height="8" rx="2"/><rect class="mark" x="${(share - 2.5).toFixed(1)}" width="5" height="12" rx="2"/></svg>`;
    const box = make("span", { class: `deviation-bar ${judged}` });
    box.innerHTML = svg; // figures of our own, no text
    const sign = judged === "good" ? "" : judged === "off" ? "!" : "‼";
    return make("span", { class: `deviation-of ${judged}` }, box, make("span", {}, `${percent(value)}${sign}`));
  }

  private renderFoot(): void {
    const { then } = this;
    const rows = [...this.plan.cells.keys()].map((number) => then?.get(number) ?? this.plan.figures.get(number) ?? {});
    const { tolerance } = this.plan.standing;
    const within = rows.filter((row) => verdict(row.deviation ?? 0, tolerance) === "good").length;
    const sum = (column: Column) => (column.key === "deviation" ? t("{count} 个达标", { count: within }) : summed(column, rows));
    const [now, none] = [this.plan.figures.get(0), then?.get(0)];
    const left = (now?.tiles ?? 0) > 0 || (none?.tiles ?? 0) > 0;
    const unassigned = make("tr", { class: "unassigned" }, make("th", { scope: "row" }, make("span", { class: "swatch none", "aria-hidden": "true" }), t("未分配")),
      ...this.columns.map((column) => (column.key === "deviation" ? make("td", {}) : this.figure(column, now, none))));
    const whole = make("tr", {}, make("th", { scope: "row" }, t("合计 {count} 个网格", { count: rows.length })), ...this.columns.map((column) => make("td", {}, sum(column))));
    this.foot.replaceChildren(...(left ? [unassigned] : []), whole);
  }

  // ── which columns, and the file ──

  private tools(): HTMLElement {
    const save = make("button", { type: "button", class: "icon-button", "aria-label": t("把这张表存为 CSV"), title: t("把这张表存为 CSV") });
    save.append(icon("M12 4v11m-4.5-4L12 15.5 16.5 11M5 19.5h14"));
    save.addEventListener("click", () => this.save());
    const choices = this.all.map(({ key, word }) => {
      const input = make("input", { type: "checkbox", value: key, checked: this.shown.includes(key) });
      input.addEventListener("change", () => {
        this.shown = this.all.map((one) => one.key).filter((one) => (one === key ? input.checked : this.shown.includes(one)));
        remember({ columns: this.shown });
        this.render();
      });
      return make("label", { class: "choice" }, input, word);
    });
    const columns = make("details", { class: "plan-columns" }, make("summary", {}, t("列")), make("div", { class: "plan-columns-box" }, ...choices));
    return make("div", { class: "plan-table-head" }, make("h2", {}, t("网格")), columns, save);
  }

  private save(): void {
    const lines = this.sorted().map((number) => ({ number, name: this.plan.name(number), row: this.plan.figures.get(number) ?? {} }));
    const none = this.plan.figures.get(0);
    if (none?.tiles) lines.push({ number: 0, name: t("未分配"), row: none });
    saveText(`${this.wishes.name}.csv`, csvOf(this.all, lines));
  }
}

/** Scroll a line into sight within the side alone: the browser's own way would move a map that is cut off, too. */
function scrollTo(line: HTMLElement): void {
  const side = line.closest<HTMLElement>(".plan-body");
  if (!side) return;
  const [own, around] = [line.getBoundingClientRect(), side.getBoundingClientRect()];
  const top = around.top + (parseFloat(getComputedStyle(side).scrollPaddingTop) || 0);
  if (own.top < top) side.scrollTop -= top - own.top;
  else if (own.bottom > around.bottom && own.top > top) side.scrollTop += Math.min(own.bottom - around.bottom, own.top - top);
}
