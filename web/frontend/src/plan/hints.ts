// The line over the map: what the tool in hand wants, what is pending, and the way out.
import { isCoarse } from "../map/leaflet.ts";
import { make } from "../ui/dom.ts";
import { t } from "./words.ts";
import type { Board, Pending } from "./board.ts";
import { percent } from "./columns.ts";
import type { Editor } from "./editor.ts";
import type { Plan } from "./model.ts";
import { saySteps } from "./saying.ts";
import type { Step } from "./settings.ts";
import { PAINTING, TOOLS } from "./toolbar.ts";

export function mountHints(root: HTMLElement, plan: Plan, board: Board, editor: Editor, leave: () => void, done: () => void): void {
  const render = () => {
    const { tool, pending } = board.now;
    const parts = pending && pending.phase !== "sent" ? saidPending(pending) : tool === "choose" ? [] : saidTool();
    root.hidden = !parts.length;
    root.replaceChildren(...parts);
  };

  function saidTool(): HTMLElement[] {
    const { tool, chosen, erase } = board.now;
    if (tool === "merge") return [make("p", {}, make("b", {}, `${chosen ?? ""}`), make("span", {}, t("点要并进来的网格。"))), exit()];
    const one = TOOLS.find(({ name }) => name === tool);
    if (!one) return [];
    const paints = PAINTING.includes(tool);
    const none = tool === "drag" && chosen !== null && board.now.dots === 0;
    const hint = none ? t("{number} 号网格没有和别的网格共用的边，外边界不能在这里移动。", { number: chosen }) : paints && erase ? t("橡皮：把地块从网格里拿出来。") : paints && chosen === null ? t("先选网格，或从网格里开始画。") : t(one.hint);
    const target = paints && !erase && chosen !== null ? [make("b", {}, `→ ${chosen} ${plan.name(chosen)}`)] : [];
    const keys = tool === "drag" && !none && !isCoarse ? [make("small", {}, t("键盘：方向键换圆点，回车拿起或放下。"))] : [];
    return [make("p", {}, ...target, make("span", {}, hint), ...keys), ...brushSize(), ...finish(), exit()];
  }

  function brushSize(): HTMLElement[] {
    if (board.now.tool !== "brush") return [];
    const input = make("input", { type: "range", id: "brush-size", min: 6, max: 120, step: 2, value: board.now.brush, "aria-label": t("刷子大小") });
    input.addEventListener("input", () => board.set({ brush: Number(input.value) }));
    return [input];
  }

  function finish(): HTMLElement[] {
    return board.now.sketch > 1 ? [act("sketch-finish", t("完成"), "Enter", done)] : [];
  }

  function exit(): HTMLElement {
    const button = make("button", { type: "button", id: "tool-leave", class: "button" }, t("退出工具"), make("kbd", {}, "Esc"));
    button.addEventListener("click", leave);
    return button;
  }

  function saidPending(pending: Pending): HTMLElement[] {
    const text = make("p", {}, ...(pending.phase === "conflict" ? [make("strong", {}, sayOvertaken(pending.theirs ?? []))] : []), make("span", {}, sayPending(pending)));
    if (pending.phase === "stroke") return [text];
    if (pending.phase === "stuck") return [text, act("pending-drop", t("放弃"), "", () => editor.cancel())];
    const yes = act("pending-apply", pending.phase === "conflict" ? t("仍然应用") : t("应用"), "Enter", () => void editor.apply());
    yes.classList.add("primary");
    return [text, yes, act("pending-drop", t("放弃"), "Esc", () => editor.cancel())];
  }

  function sayOvertaken(steps: Step[]): string {
    const what = saySteps(steps);
    return steps.every(({ who }) => who === editor.me) ? t("您在别的窗口先改了：{what}", { what }) : t("别人先改了：{what}", { what });
  }

  /** Of a border in hand: households of the cells beside it, before and after. */
  function sayTrial({ trial, refused }: Pending): string {
    if (refused) return refused;
    const changed = [...(trial ?? [])].filter(([number, { households }]) => number && households !== (plan.figures.get(number)?.households ?? 0));
    const said = changed.map(([number, { households, deviation }]) =>
      t("{number} 号：{before} → {after} 户，偏差 {deviation}", { number, before: plan.figures.get(number)?.households ?? 0, after: households, deviation: percent(deviation) }));
    return said.join(t("；")) || (trial ? t("户数不变。松开后生效。") : t("松开后生效。"));
  }

  function sayPending({ rows, target, trial, phase, ...rest }: Pending): string {
    if (!rows.length && phase === "stroke") return sayTrial({ rows, target, trial, phase, ...rest });
    if (!rows.length) return t("您的操作还没有保存。");
    const what = target ? t("{count} 个地块 → {cell} {name}", { count: rows.length, cell: target, name: plan.name(target) }) : t("清除 {count} 个地块", { count: rows.length });
    const [now, then] = [plan.figures.get(target), trial?.get(target)];
    if (!target || !now || !then) return what;
    return t("{what}：{before} → {after} 户，偏差 {deviation}", { what, before: now.households, after: then.households, deviation: percent(then.deviation) });
  }

  board.on(["tool", "pending", "chosen", "erase", "sketch", "dots"], render);
  render();
}

function act(id: string, word: string, key: string, hear: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", id, class: "button" }, word, ...(key ? [make("kbd", { "aria-hidden": "true" }, key)] : []));
  button.addEventListener("click", hear);
  return button;
}
