// What the plan aims at: target, tolerance, and what counts as workload. And how this browser works on it.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import type { Plan } from "./model.ts";
import type { PlanSettings } from "./settings.ts";

export function mountWish(root: HTMLElement, settings: PlanSettings, plan: Plan, board: Board, editor: Editor): { render(): void } {
  const target = number("wish-target", 1, 1_000_000, 1);
  const tolerance = number("wish-tolerance", 1, 50, 1);
  const weights = Object.entries(settings.loads).map(([name, word]) => ({ name, word, input: number(`wish-${name}`, 0, 1000, 0.1) }));
  const save = make("button", { class: "button primary" }, t("保存目标"));
  const error = make("p", { class: "field-error", role: "alert" });
  const form = make(
    "form", { class: "plan-wish", novalidate: true },
    field(t("每个网格的目标工作量"), target),
    field(t("允许偏差（%）"), tolerance),
    make("fieldset", {}, make("legend", { class: "label" }, t("工作量权重")), make("div", { class: "plan-weights" }, ...weights.map(({ word, input }) => field(word, input)))),
    error, ...(settings.draw ? [save] : []),
  );
  const ask = make("input", { type: "checkbox", id: "ask-first", checked: board.now.ask });
  ask.addEventListener("change", () => board.set({ ask: ask.checked }));
  const summary = make("summary", {});
  root.append(make("details", { class: "plan-fold" }, summary, form, ...(settings.draw ? [make("label", { class: "choice plan-ask" }, ask, t("画完先问，再应用"))] : [])));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });

  async function send(): Promise<void> {
    const wrong = [target, tolerance, ...weights.map(({ input }) => input)].find((input) => !input.checkValidity() || input.value === "");
    if (wrong) return refuse(t("请填 {low} 到 {high} 之间的数。", { low: wrong.min, high: wrong.max }), wrong);
    const wanted = Object.fromEntries(weights.map(({ name, input }) => [name, Number(input.value)]));
    if (!Object.values(wanted).some(Boolean)) return refuse(t("请至少给一项权重。"), weights[0].input);
    refuse("", null);
    await editor.post(settings.urls.wish, { target: Number(target.value), tolerance: Number(tolerance.value) / 100, weights: wanted });
  }

  function refuse(message: string, input: HTMLInputElement | null): void {
    error.textContent = message;
    for (const one of [target, tolerance, ...weights.map((weight) => weight.input)]) one.setAttribute("aria-invalid", String(one === input));
    input?.focus();
  }

  let shown = "";
  const render = () => {
    const { standing } = plan;
    const key = JSON.stringify([standing.target, standing.tolerance, standing.weights]);
    if (key === shown) return;
    shown = key;
    summary.textContent = t("目标 {target}，允许 ±{tolerance}%", { target: standing.target, tolerance: Math.round(standing.tolerance * 100) });
    target.value = String(standing.target);
    tolerance.value = String(Math.round(standing.tolerance * 100));
    for (const { name, input } of weights) input.value = String(standing.weights[name] ?? 0);
    for (const input of form.querySelectorAll("input")) input.disabled = !settings.draw;
  };
  render();
  return { render };
}

function number(id: string, min: number, max: number, step: number): HTMLInputElement {
  return make("input", { type: "number", id, min, max, step, inputmode: "decimal", required: true });
}

function field(word: string, input: HTMLInputElement): HTMLElement {
  return make("div", { class: "field" }, make("label", { for: input.id }, word), input);
}
