// The one map of the field views. Leaflet and its looks come when a view first shows a map, and from the phone after.
import type { GroundMap } from "./ground/map.ts";
import type { App } from "./view.ts";

export type { GroundMap, Under } from "./ground/map.ts";

/** Make a map of the worker's ground in `host`, which needs a height. Call `remove()` when the view is left. */
export async function makeGround(host: HTMLElement, app: App): Promise<GroundMap> {
  const [{ mapOf }] = await Promise.all([import("./ground/map.ts"), looks()]);
  return mapOf(host, app);
}

function looks(): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>("link[data-map-look]");
  if (!link || link.rel === "stylesheet") return Promise.resolve();
  return new Promise((done) => {
    link.addEventListener("load", () => done(), { once: true });
    link.addEventListener("error", () => done(), { once: true });
    link.rel = "stylesheet";
  });
}
