// What it is: the last used categories, a box to find one, and all of them by their kind.
import { make } from "../../ui/dom.ts";
import { t } from "../../words.ts";
import type { CategoryPart } from "../parts.ts";
import type { App } from "../view.ts";
import { categoriesNamed, grouped, recentOnes } from "./categories.ts";
import type { Draft } from "./draft.ts";

export class CategoryChoice {
  readonly element = make("section", { class: "report-part", "aria-labelledby": "report-category" });
  private readonly chosen = make("div", { class: "report-chosen", hidden: true });
  private readonly choices = make("div", {});
  private readonly list = make("div", { class: "report-list" });
  private readonly box = make("input", {
    type: "search", autocomplete: "off", enterkeyhint: "done", "aria-label": t("找类别：名称、拼音或首字母"),
    placeholder: t("找类别：名称、拼音或首字母"),
  });
  private recent: CategoryPart[] = [];

  constructor(
    app: App,
    private readonly all: CategoryPart[],
    private readonly change: (change: Partial<Draft>) => void,
  ) {
    this.box.addEventListener("input", () => this.fill());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.list.querySelector("button")?.click();
    });
    this.choices.append(this.box, this.list);
    this.element.append(make("h2", { id: "report-category" }, t("类别")), this.chosen, this.choices);
    this.fill();
    if (app.holder) void recentOnes(app.holder.holder).then((ids) => this.remember(ids));
  }

  show(category: CategoryPart | null): void {
    this.choices.hidden = category !== null;
    this.chosen.hidden = category === null;
    this.element.classList.toggle("done", category !== null);
    if (!category) return;
    const other = make("button", { class: "button", type: "button" }, t("更改"));
    other.addEventListener("click", () => (this.change({ category: null }), this.box.focus()));
    this.chosen.replaceChildren(make("p", { class: "report-said" }, `${category.major} › ${category.name}`, ...urgency(category)), other);
  }

  private remember(ids: number[]): void {
    this.recent = ids.flatMap((id) => this.all.find((one) => one.id === id) ?? []);
    if (!this.box.value) this.fill();
  }

  private fill(): void {
    const typed = this.box.value.trim();
    if (!this.all.length) this.list.replaceChildren(make("p", { class: "notice warn" }, t("类别还没有下载到手机，请联网打开一次。")));
    else if (typed) this.list.replaceChildren(...this.matches(typed));
    else this.list.replaceChildren(...this.whole());
  }

  private matches(typed: string): HTMLElement[] {
    const found = categoriesNamed(typed, this.all);
    return found.length ? [this.buttons(found)] : [make("p", { class: "hint", role: "status" }, t("没有这样的类别。换个说法，或选“其他事项”。"))];
  }

  private whole(): HTMLElement[] {
    const groups = [...grouped(this.all)].map(([major, ones]) =>
      make("details", { open: !this.recent.length && ones.some(({ urgent }) => urgent) && ones[0] === this.all[0] }, make("summary", {}, `${major} `, make("span", { class: "hint" }, String(ones.length))), this.buttons(ones)),
    );
    const recent = this.recent.length ? [make("h3", {}, t("最近用过")), this.buttons(this.recent)] : [];
    return [...recent, ...groups];
  }

  private buttons(ones: CategoryPart[]): HTMLElement {
    return make("div", { class: "report-choices" }, ...ones.map((one) => this.button(one)));
  }

  private button(one: CategoryPart): HTMLElement {
    const button = make("button", { class: "report-choice", type: "button", "data-code": one.code }, one.name, ...urgency(one));
    button.addEventListener("click", () => {
      this.box.value = "";
      this.fill();
      this.change({ category: one.id });
    });
    return button;
  }
}

function urgency({ urgent }: CategoryPart): HTMLElement[] {
  return urgent ? [make("span", { class: "badge bad" }, t("紧急"))] : [];
}
