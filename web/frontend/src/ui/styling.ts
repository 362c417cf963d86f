// Colours and classes as the reader likes them: a folded part of the legend.
import { readBreaks, type Method } from "../figures/classes.ts";
import { palette, PALETTES, type PaletteName } from "../figures/palette.ts";
import { COUNTS, rememberStyle, type Style } from "../figures/style.ts";
import type { Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { announce, make } from "./dom.ts";
import { swatch } from "./legend.ts";

const METHOD_NAMES: Record<Method, string> = {
  quantile: "分位数：每类个数相近",
  natural: "自然断点：类内相近",
  equal: "等距：每类一样宽",
  own: "自己定界限",
};
const PALETTE_NAMES: Record<PaletteName, string> = { warm: "暖色", sea: "蓝绿", violet: "紫色", grey: "灰色" };

export function mountStyling(root: HTMLElement, workspace: Workspace): void {
  const put = (change: Partial<Style>) => {
    const style = { ...workspace.now.style, ...change };
    rememberStyle(style);
    workspace.set({ style, lit: null });
  };
  const parts = [methods(workspace, put), counts(workspace, put), ownEnds(workspace, put), palettes(workspace, put), turned(workspace, put)];
  const box = make("details", { class: "styling" }, make("summary", {}, t("颜色与分级")), ...parts);
  root.append(box);
  const sync = () => {
    const { style, figures } = workspace.now;
    box.hidden = !figures || figures.classes.length > 0;
    const [method, count, own, colours, reversed] = parts;
    method.querySelector("select")!.value = style.method;
    count.querySelector("select")!.value = String(style.count);
    own.hidden = style.method !== "own" || Boolean(figures?.compare);
    count.hidden = style.method === "own" && !figures?.compare;
    // A change has colours of its own, light in the middle.
    for (const part of [method, colours, reversed]) part.hidden = Boolean(figures?.compare);
    for (const input of colours.querySelectorAll("input")) input.checked = input.value === style.palette;
    reversed.querySelector("input")!.checked = style.reversed;
  };
  workspace.on(["style", "figures"], sync);
  sync();
}

type Put = (change: Partial<Style>) => void;

function methods(_: Workspace, put: Put): HTMLElement {
  const options = Object.entries(METHOD_NAMES).map(([value, name]) => make("option", { value }, t(name)));
  const select = make("select", { id: "class-method" }, ...options);
  select.addEventListener("change", () => put({ method: select.value as Method }));
  return field("class-method", t("分级方法"), select);
}

function counts(_: Workspace, put: Put): HTMLElement {
  const options = COUNTS.map((count) => make("option", { value: count }, t("{count} 级", { count })));
  const select = make("select", { id: "class-count" }, ...options);
  select.addEventListener("change", () => put({ count: Number(select.value) }));
  return field("class-count", t("级数"), select);
}

/** The ends of the classes, typed; they belong to the indicator for which they were typed. */
function ownEnds(workspace: Workspace, put: Put): HTMLElement {
  const input = make("input", { id: "class-ends", type: "text", inputmode: "decimal", autocomplete: "off", placeholder: "50, 100, 200", "aria-describedby": "class-ends-help" });
  const help = make("p", { id: "class-ends-help", class: "soft" }, t("每级的上限，用逗号分开。"));
  const show = () => {
    const ends = workspace.now.style.own[workspace.now.indicator];
    if (document.activeElement !== input) input.value = ends?.join(", ") ?? "";
  };
  input.addEventListener("change", () => {
    const ends = readBreaks(input.value);
    input.setAttribute("aria-invalid", String(!ends));
    help.classList.toggle("bad", !ends);
    help.textContent = ends ? t("每级的上限，用逗号分开。") : t("请输入 1 到 9 个数字，用逗号分开，例如 50, 100, 200。");
    if (!ends) return announce(help.textContent);
    put({ own: { ...workspace.now.style.own, [workspace.now.indicator]: ends } });
  });
  workspace.on(["style", "indicator"], show);
  show();
  const box = field("class-ends", t("界限"), input);
  box.append(help);
  return box;
}

function palettes(_: Workspace, put: Put): HTMLElement {
  const root = make("fieldset", { class: "palettes" }, make("legend", { class: "label" }, t("颜色")));
  for (const name of PALETTES) {
    const input = make("input", { type: "radio", name: "palette", value: name });
    input.addEventListener("change", () => put({ palette: name }));
    const colours = make("span", { class: "strip-colours" }, ...palette(5, name).map(swatch));
    root.append(make("label", { class: "choice" }, input, colours, make("span", {}, t(PALETTE_NAMES[name]))));
  }
  return root;
}

function turned(_: Workspace, put: Put): HTMLElement {
  const input = make("input", { type: "checkbox", id: "palette-reversed" });
  input.addEventListener("change", () => put({ reversed: input.checked }));
  return make("label", { class: "choice" }, input, t("反过来：小的深"));
}

function field(id: string, name: string, control: HTMLElement): HTMLElement {
  return make("div", { class: "field" }, make("label", { for: id }, name), control);
}
