// The chosen cell: its name, and what can be done with it.
import { make } from "../ui/dom.ts";
import { t } from "./words.ts";
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import type { Plan } from "./model.ts";

export function mountCellCard(root: HTMLElement, plan: Plan, board: Board, editor: Editor, draws: boolean, fillOf: (number: number) => string): { render(): void; rename(): void } {
  let renaming = false;
  const render = () => {
    const cell = plan.cells.get(board.now.chosen ?? -1);
    if (!cell) {
      renaming = false;
      root.replaceChildren(...(draws ? [make("div", { class: "cell-card none" }, make("p", {}, t("先在表里或图上选一个网格，再把地块划给它。")), make("div", { class: "actions" }, newCell(), ...lockAll()))] : []));
      return;
    }
    const fill = fillOf(cell.number);
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = fill;
    const name = renaming ? nameField(cell.number, cell.name) : make("h2", {}, ...(fill ? [swatch] : []), `${cell.number} `, make("span", {}, cell.name));
    root.replaceChildren(make("div", { class: "cell-card" }, name, ...(draws ? [make("div", { class: "actions" }, ...acts(cell.number, cell.locked))] : [])));
    root.querySelector<HTMLInputElement>("input")?.select();
  };

  function acts(number: number, locked: boolean): HTMLElement[] {
    return [
      button("cell-rename", t("改名"), () => rename()),
      button("cell-lock", locked ? t("解锁") : t("锁定"), () => void editor.step("lock", { cells: [number], locked: !locked })),
      button("cell-merge", t("合并…"), () => board.set({ tool: "merge" })),
      divide(number),
      button("cell-delete", t("删除"), async () => {
        if (await editor.step("delete", { cell: number })) board.set({ chosen: null });
      }),
      newCell(),
      button("cell-leave", t("取消选择"), () => board.set({ chosen: null })),
    ];
  }

  function divide(number: number): HTMLElement {
    const count = make("select", { id: "cell-count", "aria-label": t("分成几个") }, ...[2, 3, 4, 5, 6, 8, 10].map((one) => make("option", { value: one }, t("{count} 份", { count: one }))));
    return make("span", { class: "cell-divide" }, button("cell-divide", t("均分成"), () => void editor.step("divide", { cell: number, count: Number(count.value) })), count);
  }

  function newCell(): HTMLElement {
    return button("cell-new", t("新网格"), async () => {
      const answer = await editor.step("add", {});
      const made = answer && Object.values(answer.cells).find((one) => one && !plan.figures.get(one.number)?.tiles);
      if (made) board.set({ chosen: made.number, tool: board.now.tool === "choose" ? "click" : board.now.tool });
    });
  }

  function lockAll(): HTMLElement[] {
    const cells = [...plan.cells.values()];
    if (!cells.length) return [];
    const all = cells.every((one) => one.locked);
    return [button("cells-lock", all ? t("全部解锁") : t("全部锁定"), () => void editor.step("lock", { cells: [], locked: !all }))];
  }

  function nameField(number: number, name: string): HTMLElement {
    const input = make("input", { id: "cell-name", maxlength: 40, autocomplete: "off", value: name });
    const form = make("form", { class: "cell-rename" }, make("label", { class: "visually-hidden", for: "cell-name" }, t("网格名称")), input, make("button", { class: "button primary" }, t("保存")));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (input.value.trim() && input.value.trim() !== name && !(await editor.step("rename", { cell: number, name: input.value.trim() }))) return;
      renaming = false;
      render();
      root.querySelector<HTMLElement>("#cell-rename")?.focus();
    });
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      renaming = false;
      render();
      root.querySelector<HTMLElement>("#cell-rename")?.focus();
    });
    return form;
  }

  function rename(): void {
    renaming = true;
    render();
  }

  board.on(["chosen"], () => ((renaming = false), render()));
  render();
  return { render: () => !renaming && render(), rename };
}

function button(id: string, word: string, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", id, class: "button" }, word);
  made.addEventListener("click", act);
  return made;
}
