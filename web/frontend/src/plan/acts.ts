// Undo and redo, and the view.
import { t } from "./words.ts";
import { make } from "../ui/dom.ts";
import type { Editor } from "./editor.ts";
import type { Plan } from "./model.ts";
import { toolButton } from "./toolbar.ts";

interface View {
  zoom(by: number): void;
  home(): void;
}

export function mountActs(root: HTMLElement, plan: Plan, editor: Editor, view: View, draws: boolean): { render(): void } {
  const undo = toolButton("plan-undo", "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6", "撤销", "Ctrl+Z", null);
  const redo = toolButton("plan-redo", "m15 7 5 5-5 5M20 12H10a6 6 0 0 0-6 6", "重做", "Ctrl+Shift+Z", null);
  const more = toolButton("zoom-in", "M12 5v14M5 12h14", "放大", "+", null);
  const less = toolButton("zoom-out", "M5 12h14", "缩小", "-", null);
  const home = toolButton("plan-home", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5", "看全部", "0", null);
  undo.addEventListener("click", () => void editor.again("undo"));
  redo.addEventListener("click", () => void editor.again("redo"));
  more.addEventListener("click", () => view.zoom(1));
  less.addEventListener("click", () => view.zoom(-1));
  home.addEventListener("click", () => view.home());
  root.append(...(draws ? [make("div", { class: "tool-group row" }, undo, redo)] : []), make("div", { class: "tool-group row" }, more, less, home));
  const render = () => {
    const { standing } = plan;
    undo.disabled = !standing.undo;
    redo.disabled = !standing.redo;
    undo.title = t("撤销（还有 {count} 步）", { count: standing.undo });
  };
  render();
  return { render };
}
