// The walk on the map: numbered stops and the path between them. Comes with the first map of the field page.
import { L } from "../../map/leaflet.ts";
import { t } from "../../words.ts";
import { makeGround } from "../ground.ts";
import type { App } from "../view.ts";
import type { Stop, Walk } from "./plan.ts";

/** Draw a walk into `host`; returns how to take the map away. */
export async function showWalk(host: HTMLElement, walk: Walk, start: readonly [number, number] | null, app: App): Promise<() => void> {
  const ground = await makeGround(host, app);
  if (!host.isConnected) {
    ground.remove();
    return () => undefined;
  }
  const line = walk.stops.map(({ at: [lon, lat] }) => L.latLng(lat, lon));
  const way = start ? [L.latLng(start[1], start[0]), ...line] : line;
  L.polyline(way, { weight: 7, className: "day-way-edge", interactive: false }).addTo(ground.map);
  L.polyline(way, { weight: 4, className: "day-way", interactive: false }).addTo(ground.map);
  if (start) L.circleMarker([start[1], start[0]], { radius: 8, weight: 3, className: "ground-dot", interactive: false }).addTo(ground.map);
  walk.stops.forEach((stop, n) => marker(stop, n + 1).addTo(ground.map));
  ground.map.fitBounds(L.latLngBounds(way).pad(0.15), { maxZoom: 18, animate: false });
  return () => ground.remove();
}

function marker(stop: Stop, number: number): L.Marker {
  const icon = L.divIcon({ className: "day-pin", html: `<span class="day-number" data-late="${stop.late}">${number}</span>`, iconSize: [44, 44], iconAnchor: [22, 22] });
  const title = t("第 {n} 处：{place}", { n: number, place: stop.label });
  const made = L.marker([stop.at[1], stop.at[0]], { icon, title, alt: title, keyboard: true, riseOnHover: true });
  return made.on("click", () => {
    const item = document.querySelectorAll<HTMLElement>(".day-stop")[number - 1];
    item?.scrollIntoView({ block: "start" });
    item?.querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  });
}
