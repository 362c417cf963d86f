// One's own weights of risk beside the map: while it is coloured by risk, a button opens the sliders, and every change
// colours the map anew.
import { askFragment, RequestTrouble } from "../request.ts";
import { byId, make } from "../ui/dom.ts";
import { clearNotice, showTrouble } from "../ui/notices.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { FORM } from "./form.ts";

/** `changed`: what else shows scores and has to ask for them again. */
export function mountRiskOn(workspace: Workspace, { urls, indicators }: Settings, changed: () => void): void {
  if (!indicators.some((one) => one.code === "risk")) return;
  const open = make("button", { type: "button", class: "button", "aria-expanded": "false", "aria-controls": "risk-sheet" }, t("调整权重"));
  const tools = make("p", { class: "risk-tools", hidden: true }, open, make("a", { href: urls.risk }, t("怎么算的")));
  byId("legend").after(tools);
  const sheet = makeSheet(() => show(false));
  byId("workspace").append(sheet.root);

  async function fill(): Promise<void> {
    try {
      sheet.body.innerHTML = await askFragment(`${urls.panel}risk/`); // our own template, which escapes
      window.htmx?.process(sheet.body);
      clearNotice("risk");
      sheet.root.hidden = false;
      sheet.body.querySelector<HTMLElement>("input")?.focus({ preventScroll: true });
    } catch (error) {
      if (error instanceof RequestTrouble) showTrouble("risk", error, () => void fill());
    }
  }

  function show(wanted: boolean): void {
    open.setAttribute("aria-expanded", String(wanted));
    if (wanted) return void fill();
    if (sheet.root.hidden) return;
    sheet.root.hidden = true;
    sheet.body.replaceChildren();
    open.focus({ preventScroll: true });
    changed();
  }

  open.addEventListener("click", () => show(Boolean(sheet.root.hidden)));
  workspace.on(["indicator"], ({ indicator }) => {
    tools.hidden = indicator !== "risk";
    if (tools.hidden) show(false);
  });
  tools.hidden = workspace.now.indicator !== "risk";
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = (event as CustomEvent<{ elt: Element; successful: boolean }>).detail;
    if (successful && elt.matches(FORM)) workspace.set({ edition: workspace.now.edition + 1 });
  });
}

function makeSheet(close: () => void) {
  const cross = make("button", { type: "button", class: "icon-button panel-close", "aria-label": t("关闭") }, "✕");
  cross.addEventListener("click", close);
  const body = make("div", { class: "panel-body" });
  const root = make("aside", { id: "risk-sheet", class: "panel risk-sheet", "aria-label": t("风险权重"), hidden: true }, cross, body);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  return { root, body };
}
