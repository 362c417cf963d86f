// Steps and problems in words.
import { t } from "./words.ts";
import type { Plan } from "./model.ts";
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
    case "delete": return cell ? t("删除 {cell} 号网格", { cell }) : t("删除一个网格");
    case "merge": return cell ? t("合并成 {cell} 号网格", { cell }) : t("合并网格");
    case "draw": return cell ? t("手绘 {cell} 号网格", { cell }) : t("手绘一个新网格");
    case "carve": return cell ? t("手绘扩展 {cell} 号网格", { cell }) : t("手绘扩展网格");
    case "split": return cell ? t("沿线拆分 {cell} 号网格", { cell }) : t("沿线拆分网格");
    case "divide": return cell ? t("把 {cell} 号网格均分成 {count} 个", { cell, count: Number(facts.cells) }) : t("均匀拆分网格");
    case "fill": return t("修补未分配的地块");
    case "gather": return t("归并飞地");
    case "cut": return t("画一道屏障");
    case "barrier": return t("标记屏障");
    case "passage": return t("打通一处通道");
    case "drag": return t("移动共用边界");
    case "automatic": return t("采用自动划分的备选方案");
    case "file": return t("按文件划分网格");
    case "outlines": return t("按画出的轮廓调整边界");
    case "wish": return t("修改目标和权重");
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
  const last = steps.slice(-3).map(sayStep).join(t("；"));
  return steps.length > 3 ? t("{last}，等 {count} 步", { last, count: steps.length }) : last;
}

/** What is wrong, with the cells it is about. */
export function sayProblem({ kind, cells, size }: { kind: string; cells: number[]; size: number }, plan: Plan): string {
  const named = cells.filter(Boolean).slice(0, 3).map((one) => `${one} ${plan.shortName(one)}`.trim()).join(t("、"));
  const whole = Math.round(size);
  const share = `${size > 0 ? "+" : "−"}${Math.abs(Math.round(size * 100))}%`;
  const words: Record<string, string> = {
    outside: t("{size} 平方米不在任何社区里", { size: whole }),
    mixed: t("{named}：跨了 {size} 个社区", { named, size: whole }),
    unassigned: t("未分配的地块，工作量 {size}", { size: whole }),
    stray: t("{named}：有一片和其余部分不相连，工作量 {size}", { named, size: whole }),
    crossed: t("{named}：只隔着屏障相连（{size} 米）", { named, size: whole }),
    cut: t("{named}：边界切过一栋楼（{size} 平方米）", { named, size: whole }),
    big: t("{named}：太大（{share}）", { named, share }),
    small: t("{named}：太小（{share}）", { named, share }),
    enclave: t("{named}：被另一个网格围住", { named }),
    far: t("{named}：太远，平均步行 {size} 米", { named, size: whole }),
    compound: plan.kind === "streets" ? t("{named}：一个社区分在 {size} 个街道", { named, size: whole }) : t("{named}：一个小区分在 {size} 个网格", { named, size: whole }),
    neck: t("{named}：有 {size} 米宽的细颈", { named, size: whole }),
    thin: t("{named}：形状太狭长", { named }),
    bridged: t("{named}：里面有屏障，可以绕行（{size} 米）", { named, size: whole }),
    empty: t("{named}：没有地块", { named }),
  };
  return words[kind] ?? named;
}
