// The position a camera wrote into a JPEG (Exif 2.3, GPS directory), read on the phone before the photo loses it.
// Nothing else is read. A file that is broken, or another kind, has no position; nothing it says can do harm.

/** Degrees in WGS 84, as cameras write them. */
export interface Position {
  readonly lat: number;
  readonly lon: number;
}

/** As much of a file as holds the head of a JPEG. */
export const HEAD_BYTES = 256 * 1024;

const [GPS_DIRECTORY, LAT_SIDE, LAT, LON_SIDE, LON] = [0x8825, 1, 2, 3, 4];

/** The position in the head of a JPEG; null where there is none that makes sense. */
export function readPosition(head: ArrayBuffer): Position | null {
  try {
    const tiff = exifOf(new DataView(head));
    return tiff && positionOf(tiff);
  } catch {
    return null; // it points outside itself
  }
}

/** The Exif block: from "Exif\0\0" in the segment APP1 on. */
function exifOf(view: DataView): DataView | null {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; view.getUint8(at) === 0xff; ) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    if (marker === 0xda || length < 2) return null;
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966)
      return new DataView(view.buffer, at + 10, Math.min(length - 8, view.byteLength - at - 10));
    at += 2 + length;
  }
  return null;
}

function positionOf(tiff: DataView): Position | null {
  const little = tiff.getUint16(0) === 0x4949;
  if (tiff.getUint16(2, little) !== 42) return null;
  const first = entries(tiff, tiff.getUint32(4, little), little);
  const directory = first.get(GPS_DIRECTORY);
  if (directory === undefined) return null;
  const gps = entries(tiff, tiff.getUint32(directory, little), little);
  const lat = degrees(tiff, gps.get(LAT), little);
  const lon = degrees(tiff, gps.get(LON), little);
  if (lat === null || lon === null || (lat === 0 && lon === 0) || lat > 90 || lon > 180) return null;
  return { lat: lat * sign(tiff, gps.get(LAT_SIDE), "S"), lon: lon * sign(tiff, gps.get(LON_SIDE), "W") };
}

/** Tag → where its four bytes of value lie. */
function entries(tiff: DataView, at: number, little: boolean): Map<number, number> {
  const found = new Map<number, number>();
  const count = tiff.getUint16(at, little);
  for (let n = 0; n < count; n++) found.set(tiff.getUint16(at + 2 + 12 * n, little), at + 10 + 12 * n);
  return found;
}

/** Degrees, minutes and seconds, each a fraction. */
function degrees(tiff: DataView, value: number | undefined, little: boolean): number | null {
  if (value === undefined) return null;
  const at = tiff.getUint32(value, little);
  const [whole, minutes, seconds] = [0, 8, 16].map((offset) => {
    const below = tiff.getUint32(at + offset + 4, little);
    return below ? tiff.getUint32(at + offset, little) / below : 0;
  });
  const sum = whole + minutes / 60 + seconds / 3600;
  return Number.isFinite(sum) ? sum : null;
}

function sign(tiff: DataView, value: number | undefined, negative: string): number {
  return value !== undefined && String.fromCharCode(tiff.getUint8(value)) === negative ? -1 : 1;
}
