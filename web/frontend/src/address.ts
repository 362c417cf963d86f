// What the address says of the map: `#zoom/lat/lon/what?by=level&show=indicator`, so that a view can be sent to a
// colleague. `what` is a cell's or area's code, `b` and a building's id, `i` and an incident's number, or `p` and a
// component's code; `parts=1` shows the components, `units=1` the units. Nothing personal is ever in it.

export interface View {
  zoom: number;
  lat: number;
  lng: number;
}

export interface Place {
  kind: "cell" | "area" | "building" | "incident" | "component";
  /** The code, a building's id, or an incident's number. */
  key: string;
}

export interface Address {
  view: View | null;
  place: Place | null;
  by: string | null;
  show: string | null;
  /** Whether the components are shown. */
  parts?: boolean;
  /** Whether the units are shown. */
  units?: boolean;
}

export function readAddress(hash: string): Address {
  const [path, query = ""] = hash.replace(/^#/, "").split("?");
  const [zoom, lat, lng, what] = path.split("/");
  const asked = new URLSearchParams(query);
  return {
    view: readView(zoom, lat, lng),
    place: readPlace(what),
    by: asked.get("by"),
    show: asked.get("show"),
    ...(asked.get("parts") === "1" ? { parts: true } : {}),
    ...(asked.get("units") === "1" ? { units: true } : {}),
  };
}

/** Whether the very point is meant (`?pin`): an incident's record leads to no area, cell or building. */
export function asksForPin(hash: string): boolean {
  return new URLSearchParams(hash.split("?")[1] ?? "").has("pin");
}

function readView(zoom?: string, lat?: string, lng?: string): View | null {
  if (!zoom || !lat || !lng) return null;
  const view = { zoom: Number(zoom), lat: Number(lat), lng: Number(lng) };
  const sane = view.zoom >= 0 && view.zoom <= 22 && Math.abs(view.lat) <= 85.06 && Math.abs(view.lng) <= 180;
  return sane ? view : null; // NaN is not sane either
}

/** A code by its length: 15 digits are a cell, fewer an area. */
export function readPlace(what?: string): Place | null {
  if (!what) return null;
  if (/^b\d{1,15}$/.test(what)) return { kind: "building", key: what.slice(1) };
  if (/^p\d{16}(\d{2})?$/.test(what)) return { kind: "component", key: what.slice(1) };
  if (/^i[^/]{1,72}$/.test(what)) return readIncident(what.slice(1));
  if (/^\d{15}$/.test(what)) return { kind: "cell", key: what };
  return /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$/.test(what) ? { kind: "area", key: what } : null;
}

function readIncident(written: string): Place | null {
  try {
    return { kind: "incident", key: decodeURIComponent(written) };
  } catch {
    return null; // half an escape
  }
}

export function writeAddress({ view, place, by, show, parts: shown, units }: Address): string {
  if (!view) return "#";
  const digits = view.zoom >= 15 ? 5 : 4; // about a metre
  const parts = [view.zoom, view.lat.toFixed(digits), view.lng.toFixed(digits)];
  if (place) parts.push(writePlace(place));
  const query = new URLSearchParams([...(by ? [["by", by]] : []), ...(show ? [["show", show]] : []), ...(shown ? [["parts", "1"]] : []), ...(units ? [["units", "1"]] : [])]);
  return `#${parts.join("/")}${query.size ? `?${query}` : ""}`;
}

export function writePlace({ kind, key }: Place): string {
  if (kind === "incident") return `i${encodeURIComponent(key)}`;
  if (kind === "component") return `p${key}`;
  return kind === "building" ? `b${key}` : key;
}

export function samePlace(a: Place | null, b: Place | null): boolean {
  return a?.kind === b?.kind && a?.key === b?.key;
}
