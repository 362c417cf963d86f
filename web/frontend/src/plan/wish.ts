// What the plan aims at: target, tolerance, and what counts as workload. And how this browser works on it.
import { make } from "../ui/dom.ts";
import { t } from "./words.ts";
import type { Board } from "./board.ts";
import type { Editor } from "./editor.ts";
import { percent, verdict } from "./columns.ts";
import type { Plan } from "./model.ts";
import type { PlanSettings, Row } from "./settings.ts";

/** Where a slider for a weight ends; the field beside it takes more. */
const SLIDER_MOST = 5;

export function mountWish(root: HTMLElement, settings: PlanSettings, plan: Plan, board: Board, editor: Editor): { render(): void } {
  const target = number("wish-target", 1, 1_000_000, 1);
  const tolerance = number("wish-tolerance", 1, 50, 1);
  const weights = Object.entries(settings.loads).map(([name, word]) => {
    const input = number(`wish-${name}`, 0, 1000, 0.1);
    return { name, word, input, slider: slider(input, word) };
  });
  const save = make("button", { class: "button primary" }, t("保存目标"));
  const error = make("p", { class: "field-error", role: "alert" });
  const outlook = make("p", { class: "plan-outlook", role: "status" });
  const form = make(
    "form", { class: "plan-wish", novalidate: true },
    field(t("每个网格的目标工作量"), target),
    field(t("允许偏差（%）"), tolerance),
    make("fieldset", {}, make("legend", { class: "label" }, t("工作量权重")), make("div", { class: "plan-weights" }, ...weights.map(({ word, input, slider }) => field(word, slider, input)))),
    outlook, error, ...(settings.draw ? [save] : []),
  );
  const ask = make("input", { type: "checkbox", id: "ask-first", checked: board.now.ask });
  ask.addEventListener("change", () => board.set({ ask: ask.checked }));
  const summary = make("summary", {});
  root.append(make("details", { class: "plan-fold" }, summary, form, ...(settings.draw ? [make("label", { class: "choice plan-ask" }, ask, t("画完先问，再应用"))] : [])));

  let frame = 0;
  form.addEventListener("input", () => {
    frame ||= requestAnimationFrame(() => ((frame = 0), lookAhead()));
  });

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

  /** Show in the table and in a line what the plan would amount to, before it is saved. */
  function lookAhead(): void {
    const share = Number(tolerance.value) / 100;
    const wanted = { target: Number(target.value), weights: weights.map(({ name, input }): [string, number] => [name, Number(input.value)]) };
    const makesSense = wanted.target > 0 && share > 0 && wanted.weights.some(([, weight]) => weight > 0);
    const same = JSON.stringify([wanted, share]) === JSON.stringify([{ target: plan.standing.target, weights: weights.map(({ name }) => [name, plan.standing.weights[name] ?? 0]) }, plan.standing.tolerance]);
    const wished = makesSense && !same ? figuresWith(plan.figures, wanted.target, wanted.weights) : null;
    board.set({ wished });
    const off = [...(wished ?? [])].filter(([number]) => number).map(([, row]) => row.deviation);
    const within = off.filter((one) => verdict(one, share) === "good").length;
    const worst = off.reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most), 0);
    outlook.textContent = wished ? t("这样 {count} 个网格里有 {within} 个达标，最大偏差 {worst}", { count: off.length, within, worst: percent(worst) }) : "";
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
    outlook.textContent = "";
    board.set({ wished: null });
    summary.textContent = t("目标 {target}，允许 ±{tolerance}%", { target: standing.target, tolerance: Math.round(standing.tolerance * 100) });
    target.value = String(standing.target);
    tolerance.value = String(Math.round(standing.tolerance * 100));
    for (const { name, input, slider } of weights) slider.value = input.value = String(standing.weights[name] ?? 0);
    for (const input of form.querySelectorAll("input")) input.disabled = !settings.draw;
  };
  render();
  return { render };
}

function number(id: string, min: number, max: number, step: number): HTMLInputElement {
  return make("input", { type: "number", id, min, max, step, inputmode: "decimal", required: true });
}

/** A slider that goes with a field, both ways. */
function slider(input: HTMLInputElement, word: string): HTMLInputElement {
  const made = make("input", { type: "range", id: `${input.id}-slider`, min: 0, max: SLIDER_MOST, step: 0.1, "aria-label": word });
  made.addEventListener("input", () => (input.value = made.value));
  input.addEventListener("input", () => (made.value = input.value));
  return made;
}

function field(word: string, ...inputs: HTMLInputElement[]): HTMLElement {
  const input = inputs[inputs.length - 1];
  return make("div", { class: inputs.length > 1 ? "field with-slider" : "field" }, make("label", { for: input.id }, word), ...inputs);
}

/** The figures of cells with another target and other weights: workload is the weighted sum of loads. */
export function figuresWith(figures: Map<number, Row>, target: number, weights: [string, number][]): Map<number, Row> {
  return new Map(
    [...figures].map(([number, row]) => {
      const work = weights.reduce((sum, [name, weight]) => sum + weight * (row[name] ?? 0), 0);
      return [number, { ...row, work, deviation: number ? work / target - 1 : 0 }];
    }),
  );
}
