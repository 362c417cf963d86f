// "Where am I": asked of the browser only when the button is pressed, shown, and kept nowhere.
import { L } from "../map/leaflet.ts";
import { t } from "../words.ts";
import { byId } from "./dom.ts";
import { clearNotice, showNote } from "./notices.ts";

const REASONS: Record<number, string> = {
  1: "没有获得定位许可。请在浏览器设置中允许后再试。",
  2: "暂时无法定位。",
  3: "定位用时太长，请再试一次。",
};

export function mountLocate(map: L.Map): void {
  const button = byId<HTMLButtonElement>("locate");
  let shown: L.LayerGroup | null = null;
  button.hidden = !("geolocation" in navigator) || !isSecureContext;
  button.addEventListener("click", () => {
    clearNotice("locate");
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(found, failed, {
      enableHighAccuracy: true,
      timeout: 15000,
      maximumAge: 0,
    });
  });

  function found({ coords }: GeolocationPosition): void {
    button.removeAttribute("aria-busy");
    const at = L.latLng(coords.latitude, coords.longitude);
    shown?.remove();
    const circle = L.circle(at, {
      radius: coords.accuracy,
      weight: 1,
      color: "#1459c7",
      fillOpacity: 0.1,
      interactive: false,
    });
    const dot = L.circleMarker(at, {
      radius: 8,
      weight: 3,
      color: "#fff",
      fillColor: "#1459c7",
      fillOpacity: 1,
      interactive: false,
    });
    shown = L.layerGroup([circle, dot]).addTo(map);
    map.setView(at, Math.max(map.getZoom(), 17));
  }

  function failed({ code }: GeolocationPositionError): void {
    button.removeAttribute("aria-busy");
    showNote("locate", t(REASONS[code] ?? REASONS[2]));
  }
}
