// The choice of what the colours of the map say, and its legend.
import { make } from "../ui/dom.ts";
import type { Board } from "./board.ts";
import type { Shading, ShadingName } from "./shading.ts";
import { t } from "./words.ts";

export function mountShading(root: HTMLElement, board: Board, shading: () => Shading): { render(): void } {
  const words: [ShadingName, string][] = [["cells", t("各网格")], ["deviation", t("偏差")], ["homes", t("住户密度")]];
  const choices = words.map(([name, word]) => {
    const input = make("input", { type: "radio", name: "shading", value: name, checked: board.now.shading === name });
    input.addEventListener("change", () => board.set({ shading: name }));
    return make("label", {}, input, make("span", {}, word));
  });
  const legend = make("ul", { class: "plan-legend", "aria-label": t("图例") });
  const title = make("p", { class: "label", id: "plan-shading-title" }, t("地图颜色"));
  root.append(make("div", { class: "plan-shading", role: "radiogroup", "aria-labelledby": title.id }, title, make("div", { class: "segments" }, ...choices), legend));
  let said = "";
  const render = () => {
    const entries = shading().legend();
    const now = JSON.stringify(entries);
    if (now === said) return;
    said = now;
    legend.hidden = !entries.length;
    legend.replaceChildren(...entries.map(({ fill, word }) => {
      const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = fill;
      return make("li", {}, swatch, word);
    }));
  };
  board.on(["shading"], render);
  render();
  return { render };
}
