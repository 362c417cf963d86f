// Which indicator colours the map, and at which level.
import type { Indicator } from "../figures/question.ts";
import type { Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { make } from "./dom.ts";

const LEVELS: Record<string, string> = { cells: "网格", community: "社区", street: "街道", district: "区" };

export function mountChooser(select: HTMLSelectElement, workspace: Workspace, indicators: Indicator[]): void {
  select.append(make("option", { value: "" }, t("不着色")), ...groups(indicators));
  select.addEventListener("change", () => workspace.set({ indicator: select.value }));
  const sync = () => void (select.value = workspace.now.indicator);
  workspace.on(["indicator"], sync);
  sync();
}

/** Offer the levels at which there is something to compare. */
export function offerLevels(root: HTMLElement, workspace: Workspace, levels: string[]): void {
  root.hidden = levels.length < 2;
  root.querySelectorAll("label").forEach((label) => label.remove());
  for (const level of levels) root.append(levelChoice(level, workspace));
  const sync = () =>
    root.querySelectorAll("input").forEach((input) => (input.checked = input.value === workspace.now.level));
  workspace.on(["level"], sync);
  sync();
}

function groups(indicators: Indicator[]): HTMLElement[] {
  return grouped(indicators).map(([name, listed]) => {
    const options = listed.map(({ code, name }) => make("option", { value: code }, name));
    return make("optgroup", { label: name }, ...options);
  });
}

/** Groups in the order in which they first come. */
export function grouped<T extends { group: string }>(listed: T[]): [name: string, ones: T[]][] {
  const names = [...new Set(listed.map((one) => one.group))];
  return names.map((name) => [name, listed.filter((one) => one.group === name)]);
}

function levelChoice(level: string, workspace: Workspace): HTMLElement {
  const input = make("input", { type: "radio", name: "level", value: level });
  input.addEventListener("change", () => workspace.set({ level, within: "" }));
  return make("label", {}, input, t(LEVELS[level] ?? level));
}
