// What is under the pointer: its outline on the map and a line beside the pointer.
import type { Place } from "../address.ts";
import type { NumberFormat } from "../figures/format.ts";
import { sayChange, sayFigure } from "../figures/saying.ts";
import type { Figures } from "../figures/values.ts";
import type { L } from "../map/leaflet.ts";
import type { Found } from "../map/squares.ts";
import type { Places } from "../places.ts";
import type { Workspace } from "../workspace.ts";
import { t } from "../words.ts";
import { byId, make } from "./dom.ts";

export function mountTip(
  map: L.Map,
  workspace: Workspace,
  pick: (at: L.LatLng) => Found | null,
  format: NumberFormat,
  places: () => Places,
): void {
  const tip = byId("map-tip");
  let frame = 0;
  const hide = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    tip.hidden = true;
    workspace.set({ hovered: null });
  };
  map.on("mousemove", (event) => {
    if ((event.originalEvent as PointerEvent).pointerType === "touch") return;
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      show(event);
    });
  });
  map.on("mouseout movestart zoomstart", hide);

  function show({ latlng, containerPoint }: L.LeafletMouseEvent): void {
    const found = pick(latlng);
    map.getContainer().classList.toggle("over-place", Boolean(found));
    if (!found) return hide();
    hoverOnce(workspace, found);
    tip.replaceChildren(...say(found).map((text, k) => make(k ? "strong" : "span", {}, text)));
    tip.hidden = false;
    const flip = containerPoint.x > map.getSize().x - 260;
    tip.style.transform = `translate(${containerPoint.x + (flip ? -14 : 14)}px, ${containerPoint.y + 16}px) translateX(${flip ? "-100%" : "0"})`;
  }

  function say(found: Found): string[] {
    if (found.kind === "building") return [found.name || t("楼栋")];
    const said = sayAt(workspace.now.figures, found.code, format);
    return [places().describe(found.code) || found.name, said].filter(Boolean);
  }
}

function sayAt(figures: Figures | null, code: string, format: NumberFormat): string {
  const row = figures?.list.rowOfCode.get(code);
  if (!figures || row === undefined) return "";
  const said = sayFigure(figures, row, format, true);
  return said === "–" ? "" : [said, sayChange(figures, row, format)].filter(Boolean).join(" ");
}

function hoverOnce(workspace: Workspace, { kind, id, code }: Found): void {
  const place: Place = { kind, key: kind === "building" ? String(id) : code };
  const before = workspace.now.hovered;
  if (before?.kind !== place.kind || before.key !== place.key) workspace.set({ hovered: place });
}
