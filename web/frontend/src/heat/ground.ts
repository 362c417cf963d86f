// From the drawing CRS (Web Mercator) to the ground: true lengths and areas on the WGS 84 ellipsoid.

const AXIS = 6378137;
const ECCENTRICITY2 = 0.00669437999014;
const WORLD = AXIS * Math.PI;

/** Latitude in radians of a northing of the drawing CRS. */
export function latitudeAt(northing: number): number {
  return 2 * Math.atan(Math.exp(northing / AXIS)) - Math.PI / 2;
}

export function northingAt(latitude: number): number {
  return AXIS * Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
}

export function eastingAt(longitude: number): number {
  return (longitude / 180) * WORLD;
}

export function toLatLng(easting: number, northing: number): [lat: number, lng: number] {
  return [(latitudeAt(northing) * 180) / Math.PI, (easting / WORLD) * 180];
}

/** Ground metres per metre of the drawing CRS, east and north: radii of curvature over the axis, times cos φ. */
export function groundScale(latitude: number): [east: number, north: number] {
  const w = 1 - ECCENTRICITY2 * Math.sin(latitude) ** 2;
  const cos = Math.cos(latitude);
  return [cos / Math.sqrt(w), (cos * (1 - ECCENTRICITY2)) / w ** 1.5];
}

/** km² of ground under a place bin of each row, `rows` from `north` downwards. */
export function groundKm2(north: number, size: number, rows: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    const [east, up] = groundScale(latitudeAt(north - (row + 0.5) * size));
    return (size * east * size * up) / 1e6;
  });
}

/** Ground metres per px of the screen at a zoom of 256-px tiles. */
export function metresPerPx(latitude: number, zoom: number): number {
  return (groundScale((latitude * Math.PI) / 180)[0] * 2 * WORLD) / (256 * 2 ** zoom);
}
