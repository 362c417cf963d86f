// The tools: one button each with its key, what the tool in hand wants, and the way out of it.
import { make } from "../ui/dom.ts";
import { t } from "./words.ts";
import type { Board, ToolName } from "./board.ts";

interface Tool {
  name: ToolName;
  key: string;
  word: string;
  hint: string;
  icon: string;
}

export const TOOLS: Tool[] = [
  { name: "choose", key: "V", word: "选择", hint: "点网格选中它；拖动移动地图。", icon: "m6 3 12 10-6 1-3 6z" },
  { name: "click", key: "P", word: "点选", hint: "点地块划入所选网格；按住拖过多个地块。", icon: "M4 20l4-1 11-11-3-3L5 16zM14 7l3 3" },
  { name: "box", key: "R", word: "矩形", hint: "拖出矩形，里面的地块划入所选网格。", icon: "M5 6h14v12H5zM5 6h.01M19 6h.01M5 18h.01M19 18h.01" },
  { name: "lasso", key: "L", word: "套索", hint: "圈出地块，划入所选网格。", icon: "M12 4c5 0 8 2.5 8 5.5S17 15 12 15s-8-2.5-8-5.5S7 4 12 4zM8 14c-2 1-2 4 0 4s2 2 1 3" },
  { name: "brush", key: "B", word: "刷子", hint: "刷过的地块划入所选网格；[ 和 ] 改大小。", icon: "M9 14c-3 0-3 3-5 5 4 1 8 0 8-3zM11 13 20 4l1 1-8 10z" },
  { name: "split", key: "X", word: "拆分", hint: "画一条线穿过网格，把它分成两个。", icon: "M5 5h14v14H5zM9 21 15 3" },
  { name: "draw", key: "D", word: "手绘", hint: "画出新网格的范围：以所画为准，邻居让出。", icon: "M12 3c5 0 8 4 7 8s-3 9-8 8-8-5-7-9 4-7 8-7z" },
  { name: "carve", key: "G", word: "圈入", hint: "圈出范围归所选网格：以所画为准，邻居让出。", icon: "M4 12a8 8 0 0 1 14-5M20 12a8 8 0 0 1-14 5M12 8v8M8 12h8" },
  { name: "drag", key: "H", word: "移边", hint: "选一个网格，拖动边上的圆点，两边的网格一起变。", icon: "M4 18 10 9l6 4 4-8M10 9h.01M16 13h.01M8 9a2 2 0 1 0 4 0 2 2 0 1 0-4 0" },
  { name: "barrier", key: "W", word: "画屏障", hint: "画一条线作为屏障，地块沿线切开。", icon: "M3 15h18M3 9h18M7 9v6M12 9v6M17 9v6" },
  { name: "road", key: "T", word: "标道路", hint: "沿道路或河流画过，标为屏障；打开橡皮则取消。", icon: "M8 3 5 21M16 3l3 18M12 4v3M12 10v4M12 17v3" },
  { name: "passage", key: "Q", word: "通道", hint: "点桥或地道的位置，那里不再有屏障。", icon: "M3 16c3-6 15-6 18 0M3 12h18M7 12V8M17 12V8M3 20h18" },
  { name: "note", key: "M", word: "留言", hint: "点要说的位置，再写留言。", icon: "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5" },
];

const SWITCHES = [
  { name: "erase", key: "E", word: "橡皮", icon: "m9 19-5-5 9-9 6 6-8 8zM9 19h11M8.5 9.5l6 6" },
  { name: "compound", key: "C", word: "整个小区", icon: "M4 20V9l5-4 5 4v11M14 20v-8h6v8M3 20h18M8 12h2M8 16h2" },
] as const;

export const PAINTING: ToolName[] = ["click", "box", "lasso", "brush"];

export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export function toolButton(id: string, path: string, word: string, key: string, pressed: boolean | null): HTMLButtonElement {
  const said = key ? `${t(word)} (${key})` : t(word);
  const button = make("button", { type: "button", id, class: "tool", title: said, "aria-label": said, "aria-keyshortcuts": key || null });
  button.append(icon(path), make("span", { class: "tool-word", "aria-hidden": "true" }, t(word)));
  if (pressed !== null) button.setAttribute("aria-pressed", String(pressed));
  return button;
}

/** `kind`: what is drawn. Of streets the tiles of a community are what the tiles of a compound are elsewhere. */
export function mountToolbar(root: HTMLElement, board: Board, kind: string): void {
  const tools = TOOLS.map((tool) => {
    const button = toolButton(`tool-${tool.name}`, tool.icon, tool.word, tool.key, false);
    button.addEventListener("click", () => board.set({ tool: tool.name }));
    return button;
  });
  const switches = SWITCHES.map(({ name, key, word: usual, icon }) => {
    const word = kind === "streets" && name === "compound" ? "整个社区" : usual;
    const button = toolButton(`tool-${name}`, icon, word, key, false);
    button.addEventListener("click", () => board.set(name === "erase" ? { erase: !board.now.erase } : { compound: !board.now.compound }));
    return button;
  });
  const groups = [tools.slice(0, 5), switches, tools.slice(5, 9), tools.slice(9)];
  root.append(...groups.map((group) => make("div", { class: "tool-group" }, ...group)));
  roving(root);
  const sync = () => {
    tools.forEach((button, k) => button.setAttribute("aria-pressed", String(TOOLS[k].name === board.now.tool)));
    switches.forEach((button, k) => button.setAttribute("aria-pressed", String(board.now[SWITCHES[k].name])));
    const paints = PAINTING.includes(board.now.tool);
    switches.forEach((button, k) => (button.disabled = !paints && !(k === 0 && board.now.tool === "road")));
  };
  board.on(["tool", "erase", "compound"], sync);
  sync();
}

/** One stop of the Tab key; arrows go on from there. */
function roving(root: HTMLElement): void {
  const buttons = () => [...root.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  root.querySelectorAll("button").forEach((button, k) => (button.tabIndex = k ? -1 : 0));
  root.addEventListener("focusin", (event) => {
    for (const button of root.querySelectorAll("button")) button.tabIndex = button === event.target ? 0 : -1;
  });
  root.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = buttons();
    all[(all.indexOf(event.target as HTMLButtonElement) + step + all.length) % all.length]?.focus();
  });
}
