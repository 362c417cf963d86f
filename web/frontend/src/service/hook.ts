// Puts the service tool on the map page: its button among the tools, its sheet over the map.
import type { L } from "../map/leaflet.ts";
import type { SquareView } from "../map/square.ts";
import { askJson } from "../request.ts";
import { byId, make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { Settings, Workspace } from "../workspace.ts";
import { icon } from "../heat/bar.ts";
import { ServiceTool } from "./tool.ts";

const WALKER = "M13 4.2a1.6 1.6 0 1 0 0-.01M9 20l2.4-5.5L9.5 12l1.2-4 3 .8 1.3 2.7 2.5.8M11.5 14.2l2.8 2L15.5 20M7 12l1.5-3.4 2.2-.6";

interface Parts {
  views(within: L.Bounds): SquareView[];
  goTo(code: string): void;
}

export interface Service {
  repaint(): void;
  take(at: L.LatLng): boolean;
}

export function mountServiceOn(map: L.Map, workspace: Workspace, { service: settings, language, urls }: Settings, parts: Parts): Service {
  const name = t("服务设施和步行可达");
  const button = make("button", { id: "service-button", type: "button", class: "tool", "aria-expanded": "false", "aria-controls": "service", "aria-label": name, title: name }, icon(WALKER));
  const place = byId("workspace");
  let indicator = "";
  const opened = (open: boolean): void => {
    if (open) closeOthers();
    button.setAttribute("aria-expanded", String(open));
    place.classList.toggle("has-service", open);
    // Two sets of colours over each other could not be read.
    if (open) indicator = workspace.now.indicator;
    workspace.set({ indicator: open ? "" : workspace.now.indicator || indicator });
    if (!open) button.focus({ preventScroll: true });
  };
  const tool = new ServiceTool(map, settings, { language, opened, ...parts });
  place.append(tool.sheet.root);
  tool.addColoursTo(map);
  button.addEventListener("click", () => tool.toggle());
  byId("layers-button").after(button);
  void fillAreas(tool.sheet.area, urls.places);
  if (settings.proposal) tool.toggle();
  return tool;
}

/** One tool over the map at a time: each hides the other's colours. */
function closeOthers(): void {
  for (const other of document.querySelectorAll<HTMLElement>(".map-tools > .tool[aria-expanded=true]:not(#service-button)")) other.click();
}

async function fillAreas(select: HTMLSelectElement, address: string): Promise<void> {
  try {
    const { places } = await askJson<{ places: { code: string; name: string; level: string }[] }>(address);
    const areas = places.filter(({ level }) => level === "street" || level === "community");
    select.append(...areas.map(({ code, name, level }) => make("option", { value: code }, level === "community" ? `　${name}` : name)));
  } catch {
    // the page says itself that the places did not come; the whole area stays offered
  }
}
