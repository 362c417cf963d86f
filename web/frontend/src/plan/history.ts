// The record: every step in words, who and when, and the way back to any of them.
import { askJson, RequestTrouble } from "../request.ts";
import { make } from "../ui/dom.ts";
import { showTrouble } from "../ui/notices.ts";
import { t } from "./words.ts";
import type { Editor } from "./editor.ts";
import type { Plan } from "./model.ts";
import { sayKind } from "./saying.ts";
import type { PlanSettings, Step } from "./settings.ts";

interface Told {
  revision: number;
  steps: Step[];
  done: number[];
  undone: number[];
}

export function mountHistory(root: HTMLElement, settings: PlanSettings, plan: Plan, editor: Editor): void {
  const list = make("ol", { class: "plan-steps" });
  const box = make("details", { class: "plan-fold" }, make("summary", {}, t("操作记录")), list);
  const when = new Intl.DateTimeFormat(settings.language.startsWith("zh") ? "zh-CN" : settings.language, { dateStyle: "short", timeStyle: "short" });
  root.append(box);
  box.addEventListener("toggle", () => box.open && void renew());
  editor.onTaken(() => box.open && void renew());

  async function renew(): Promise<void> {
    try {
      render(await askJson<Told>(settings.urls.history));
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble("history", error, () => void renew());
      else throw error;
    }
  }

  function render({ steps, done, undone }: Told): void {
    const own = steps.filter(({ kind }) => kind !== "undo" && kind !== "redo");
    const now = done.at(-1) ?? 0;
    const lines = own.map((one) => line(one, one.revision === now, done.includes(one.revision), undone.includes(one.revision)));
    list.replaceChildren(...lines, start(now === 0));
  }

  function line({ revision, kind, facts, who, at }: Step, here: boolean, done: boolean, undone: boolean): HTMLElement {
    const state = here ? t("现在") : undone ? t("已撤销") : "";
    const words = [make("span", {}, sayKind(kind, facts)), make("small", {}, `${who} · ${when.format(new Date(at))}${state ? ` · ${state}` : ""}`)];
    const can = settings.draw && (done || undone) && !here;
    const inside = can ? make("button", { type: "button", class: "plan-step", title: t("回到这一步") }, ...words) : make("div", { class: "plan-step" }, ...words);
    if (can) inside.addEventListener("click", () => void editor.post(settings.urls["go-to"], { revision }));
    return make("li", { class: `${here ? "here" : ""} ${undone ? "undone" : ""}`, "aria-current": here ? "step" : null }, inside);
  }

  function start(here: boolean): HTMLElement {
    const word = t("开始时");
    const can = settings.draw && !here && plan.standing.undo > 0;
    const inside = can ? make("button", { type: "button", class: "plan-step" }, word) : make("div", { class: "plan-step" }, word);
    if (can) inside.addEventListener("click", () => void editor.post(settings.urls["go-to"], { revision: 0 }));
    return make("li", { class: here ? "here" : "", "aria-current": here ? "step" : null }, inside);
  }
}
