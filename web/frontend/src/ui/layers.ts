// Which layers are shown and on which base map.
import { rememberShown, type BaseMap, type Shown, type Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { byId, make } from "./dom.ts";

export function mountLayers(workspace: Workspace, baseMaps: BaseMap[]): void {
  const button = byId("layers-button");
  const box = byId("layers");
  for (const input of box.querySelectorAll<HTMLInputElement>("input[name=layer]")) {
    input.checked = workspace.now.shown[input.value as keyof Shown];
    input.addEventListener("change", () => {
      workspace.set({ shown: { ...workspace.now.shown, [input.value]: input.checked } });
      rememberShown(workspace.now.shown);
    });
  }
  // The address may show one as well.
  workspace.on(["shown"], ({ shown }) => {
    for (const input of box.querySelectorAll<HTMLInputElement>("input[name=layer]")) input.checked = shown[input.value as keyof Shown];
  });
  listBaseMaps(byId("base-maps"), workspace, baseMaps);
  const toggle = (open: boolean): void => {
    box.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => toggle(Boolean(box.hidden)));
  document.addEventListener("pointerdown", (event) => {
    if (!box.contains(event.target as Node) && !button.contains(event.target as Node)) toggle(false);
  });
  // The focus may still be on the button that opened it.
  for (const place of [box, button]) {
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || box.hidden) return;
      event.stopPropagation();
      toggle(false);
      button.focus();
    });
  }
}

function listBaseMaps(root: HTMLElement, workspace: Workspace, baseMaps: BaseMap[]): void {
  const offered = [{ id: "own", name: t("离线底图") }, ...baseMaps, { id: "none", name: t("空白") }];
  for (const { id, name } of offered) {
    const input = make("input", {
      type: "radio",
      name: "base-map",
      value: id,
      checked: id === workspace.now.baseMap,
    });
    input.addEventListener("change", () => workspace.set({ baseMap: id }));
    root.append(make("label", { class: "choice" }, input, name));
  }
}
