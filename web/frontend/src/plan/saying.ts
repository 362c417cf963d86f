// Steps and problems in words.
import { t } from "../words.ts";
import type { Step } from "./settings.ts";

/** What a step did, without who. */
export function sayKind(kind: string, facts: Record<string, unknown>): string {
  const count = Number(facts.tiles ?? facts.cells ?? 0);
  const cell = Number(facts.cell ?? facts.kept ?? 0);
  switch (kind) {
    case "paint": return cell ? t("把 {count} 个地块划入 {cell} 号网格", { count, cell }) : t("划分 {count} 个地块", { count });
    case "erase": return t("清除 {count} 个地块", { count });
    case "add": return t("新建 {cell} 号网格", { cell });
    case "rename": return t("改名 {cell} 号网格", { cell });
    case "lock": return t("锁定或解锁 {count} 个网格", { count });
    case "undo": return t("撤销：{what}", { what: sayKind(String(facts.kind ?? ""), facts) });
    case "redo": return t("重做：{what}", { what: sayKind(String(facts.kind ?? ""), facts) });
    default: return t("修改方案");
  }
}

export function sayStep({ who, kind, facts }: Step): string {
  return t("{who} {what}", { who, what: sayKind(kind, facts) });
}

/** The last of several steps, and how many came before. */
export function saySteps(steps: Step[]): string {
  const last = steps.slice(-3).map(sayStep).join("；");
  return steps.length > 3 ? t("{last}，等 {count} 步", { last, count: steps.length }) : last;
}
