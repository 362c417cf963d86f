// GCJ-02: the offset that Chinese law puts on public maps. Our data stay in WGS 84.
// Constants: the Krasovsky 1940 ellipsoid, as in the published reverse engineering.
const RADIUS = 6378245;
const FLATTENING = 0.006693421622965943;

/** From WGS 84 to GCJ-02, degrees. Outside mainland China nothing is shifted. */
export function toGcj02(lat: number, lng: number): [lat: number, lng: number] {
  if (lng < 72.004 || lng > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lat, lng];
  const [x, y] = [lng - 105, lat - 35];
  const latitude = (lat * Math.PI) / 180;
  const magic = 1 - FLATTENING * Math.sin(latitude) ** 2;
  const north = (offsetNorth(x, y) * 180) / (((RADIUS * (1 - FLATTENING)) / magic ** 1.5) * Math.PI);
  const east = (offsetEast(x, y) * 180) / ((RADIUS / Math.sqrt(magic)) * Math.cos(latitude) * Math.PI);
  return [lat + north, lng + east];
}

function waves(at: number, terms: [amplitude: number, divisor: number][]): number {
  return (
    terms.reduce((sum, [amplitude, divisor]) => sum + amplitude * Math.sin((at / divisor) * Math.PI), 0) *
    (2 / 3)
  );
}

const FINE: [number, number][] = [
  [20, 1 / 6],
  [20, 1 / 2],
];

function offsetNorth(x: number, y: number): number {
  const plane = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return (
    plane +
    waves(x, FINE) +
    waves(y, [
      [20, 1],
      [40, 3],
      [160, 12],
      [320, 30],
    ])
  );
}

function offsetEast(x: number, y: number): number {
  const plane = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return (
    plane +
    waves(x, FINE) +
    waves(x, [
      [20, 1],
      [40, 3],
      [150, 12],
      [300, 30],
    ])
  );
}
