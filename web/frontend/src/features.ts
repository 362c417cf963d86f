// The little map of a page of features: their shapes on plain ground, each leading to its own page.
import { L } from "./map/leaflet.ts";
import { t } from "./words.ts";

const host = document.getElementById("feature-map");
const told = document.getElementById("features")?.textContent;
if (host && told) draw(host, JSON.parse(told) as GeoJSON.FeatureCollection);

function draw(host: HTMLElement, features: GeoJSON.FeatureCollection): void {
  const map = L.map(host, { zoomControl: false, attributionControl: false, zoomAnimation: false });
  L.control.zoom({ zoomInTitle: t("放大"), zoomOutTitle: t("缩小"), position: "bottomright" }).addTo(map);
  const shapes = L.geoJSON(features, {
    style: { className: "feature-shape" },
    pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 6, className: "feature-shape" }),
    onEachFeature: (feature, layer) => {
      const name = document.createElement("span");
      name.textContent = String(feature.properties?.name || feature.id);
      layer.bindTooltip(name);
      layer.on("click", () => open(feature.id));
    },
  }).addTo(map);
  const box = shapes.getBounds();
  if (box.isValid()) map.fitBounds(box.pad(0.1), { maxZoom: 18 });
  else host.hidden = true;
}

function open(id: string | number | undefined): void {
  const link = [...document.querySelectorAll<HTMLAnchorElement>("tbody th a")].find((one) => one.textContent === String(id));
  if (link) location.assign(link.href);
}
