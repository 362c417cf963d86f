// What is wrong with the plan, one problem after the other: shown on the map, everything else dimmed, and what would
// mend it.
import { askJson, RequestTrouble } from "../request.ts";
import { announce, make } from "../ui/dom.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import { t } from "./words.ts";
import type { Board, Problem } from "./board.ts";
import type { Editor } from "./editor.ts";
import type { Plan } from "./model.ts";
import { sayProblem } from "./saying.ts";
import type { Box } from "./spots.ts";
import { icon } from "./toolbar.ts";

const AFTER_MS = 700;

interface Told {
  revision: number;
  problems: { kind: string; cells: number[]; tiles: number[]; box: Box; place: [number, number]; size: number }[];
}

export interface Problems {
  step(by: number): void;
}

export function mountProblems(root: HTMLElement, address: string, plan: Plan, board: Board, editor: Editor, show: (box: Box) => void, draws: boolean): Problems {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = -1;
  let pending: AbortController | null = null;
  const ask = async () => {
    pending?.abort();
    pending = new AbortController();
    asked = plan.standing.revision;
    try {
      const told = await askJson<Told>(address, pending.signal);
      clearNotice("problems");
      if (told.revision !== plan.standing.revision) return void (asked = -1); // the answer to the last step asks again
      take(told.problems.map((one) => ({ ...one, box: fromOrigin(one.box, plan.ground.origin) })));
    } catch (error) {
      asked = -1;
      if (error instanceof RequestTrouble) showTrouble("problems", error, () => void ask());
      else if ((error as Error).name !== "AbortError") throw error;
    }
  };

  /** A problem that is still there stays the one that is looked at. */
  function take(problems: Problem[]): void {
    const { problems: before, problem } = board.now;
    const looked = before?.[problem];
    const at = looked ? problems.findIndex((one) => one.kind === looked.kind && one.cells.join() === looked.cells.join()) : -1;
    board.set({ problems, problem: at });
  }

  function step(by: number): void {
    const { problems, problem } = board.now;
    if (!problems?.length) return announce(problems ? t("没有问题。") : t("正在检查…"));
    const next = problem < 0 ? (by > 0 ? 0 : problems.length - 1) : (problem + by + problems.length) % problems.length;
    board.set({ problem: next, chosen: problems[next].cells.find((one) => one > 0) ?? board.now.chosen });
    show(problems[next].box as Box);
    announce(t("问题 {at}/{count}：{what}", { at: next + 1, count: problems.length, what: sayProblem(problems[next], plan) }));
  }

  const render = () => {
    const { problems, problem } = board.now;
    const looked = problems?.[problem];
    const count = problems?.length ?? 0;
    const said = !problems ? t("正在检查…") : !count ? t("没有问题。") : looked ? sayProblem(looked, plan) : t("{count} 个问题", { count });
    const before = arrow("problem-before", "m15 5-7 7 7 7", `${t("上一个问题")} (Shift+N)`, () => step(-1));
    const after = arrow("problem-after", "m9 5 7 7-7 7", `${t("下一个问题")} (N)`, () => step(1));
    for (const button of [before, after]) button.disabled = !count;
    const focused = document.activeElement?.id;
    const sign = problems && !count ? "✓" : "⚠";
    const place = looked ? make("b", { class: "problem-at" }, `${problem + 1}/${count}`) : "";
    root.className = `plan-problems ${problems && !count ? "good" : looked ? "looked" : ""}`;
    root.replaceChildren(make("p", {}, make("span", { "aria-hidden": "true" }, sign), place, make("span", {}, said)), ...(looked && draws ? mends(looked) : []), make("div", { class: "problem-steps" }, before, after));
    if (focused?.startsWith("problem-")) document.getElementById(focused)?.focus();
  };

  function mends({ kind }: Problem): HTMLElement[] {
    if (kind === "unassigned") return [mend(t("修补未分配"), "fill")];
    if (kind === "stray") return [mend(t("归并飞地"), "gather")];
    return [];
  }

  function mend(word: string, step: string): HTMLElement {
    const button = make("button", { type: "button", id: "problem-mend", class: "button" }, word);
    button.addEventListener("click", () => void editor.step(step));
    return button;
  }

  editor.onTaken(() => {
    clearTimeout(timer);
    timer = setTimeout(() => asked !== plan.standing.revision && void ask(), AFTER_MS);
  });
  board.on(["problems", "problem"], render);
  render();
  void ask();
  return { step };
}

function fromOrigin([west, south, east, north]: Box, [x, y]: [number, number]): Box {
  return [west - x, south - y, east - x, north - y];
}

function arrow(id: string, path: string, word: string, act: () => void): HTMLButtonElement {
  const button = make("button", { type: "button", id, class: "icon-button", "aria-label": word, title: word });
  button.append(icon(path));
  button.addEventListener("click", act);
  return button;
}
