// Finding an indicator by typing: a list over the side panel, all of it by keyboard (ARIA combobox with a list).
import type { Indicator } from "../figures/question.ts";
import type { Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { grouped } from "./chooser.ts";
import { announce, make } from "./dom.ts";

export function mountFinder(button: HTMLElement, root: HTMLElement, workspace: Workspace, indicators: Indicator[]): void {
  const input = make("input", { id: "indicator-query", type: "search", role: "combobox", "aria-expanded": "true", "aria-controls": "indicator-list", "aria-autocomplete": "list", autocomplete: "off", "aria-label": t("查找指标"), placeholder: t("查找指标") });
  const list = make("ul", { id: "indicator-list", role: "listbox", "aria-label": t("指标") });
  root.append(input, list);
  let active = 0;

  button.addEventListener("click", () => (root.hidden ? open() : close()));
  input.addEventListener("input", () => ((active = 0), render()));
  input.addEventListener("keydown", onKey);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener("click", (event) => {
    const code = (event.target as Element).closest<HTMLElement>("[role=option]")?.dataset.code;
    if (code !== undefined) take(code);
  });
  document.addEventListener("pointerdown", (event) => {
    const at = event.target as Node;
    if (!root.hidden && !root.contains(at) && !button.contains(at)) close();
  });

  function onKey(event: KeyboardEvent): void {
    if (event.isComposing) return; // Enter and arrows belong to the input method while it spells
    const options = list.querySelectorAll<HTMLElement>("[role=option]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + options.length) % Math.max(1, options.length);
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const code = options[active]?.dataset.code;
      if (code !== undefined) take(code);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
      button.focus();
    }
  }

  function render(): void {
    const found = foundBy(input.value, indicators);
    list.replaceChildren(
      ...grouped(found).flatMap(([name, ones]) => [
        make("li", { class: "finder-group", role: "presentation" }, name),
        ...ones.map((one) => option(one, workspace.now.indicator)),
      ]),
    );
    if (!found.length) list.append(make("li", { class: "search-none", role: "presentation" }, t("没有这样的指标。")));
    announce(t("找到 {count} 个结果", { count: found.length }));
    mark();
  }

  function mark(): void {
    const options = [...list.querySelectorAll<HTMLElement>("[role=option]")];
    options.forEach((one, i) => one.classList.toggle("active", i === active));
    input.setAttribute("aria-activedescendant", options[active]?.id ?? "");
    options[active]?.scrollIntoView({ block: "nearest" });
  }

  function open(): void {
    root.hidden = false;
    button.setAttribute("aria-expanded", "true");
    input.value = "";
    active = 0;
    render();
    input.focus();
  }

  function close(): void {
    root.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }

  function take(indicator: string): void {
    close();
    button.focus();
    workspace.set({ indicator });
  }
}

/** Indicators whose name, group or unit holds every word typed, in any order. */
export function foundBy(text: string, indicators: Indicator[]): Indicator[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return indicators.filter(({ name, group, unit }) => {
    const said = `${name} ${group} ${unit}`.toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

function option({ code, name, unit }: Indicator, chosen: string): HTMLElement {
  return make(
    "li",
    { id: `indicator-${code}`, role: "option", "data-code": code, "aria-selected": String(code === chosen) },
    make("span", {}, name),
    make("span", { class: "search-kind" }, unit),
  );
}
