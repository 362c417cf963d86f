// Draws the product's mark as the pictures a phone wants for its home screen, from the same SVG as every other page's.
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { crc32 } from "./crc32.mjs";

const SIDE = 64; // of the SVG's viewBox
const SAMPLES = 4; // a pixel is looked at in 4 × 4 places, so that its edge is soft

/** The colour behind, the colour in front, and the polygons with their opacity. */
function readMark(svg) {
  const [ground, front] = [...svg.matchAll(/fill="#([0-9a-f]{6})"/g)].map((found) => colour(found[1]));
  const paths = [...svg.matchAll(/<path d="([^"]+)"(?: opacity="([.\d]+)")?/g)];
  return { ground, front, shapes: paths.map(([, d, opacity]) => ({ points: polygon(d), opacity: Number(opacity ?? 1) })) };
}

const colour = (hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** Straight paths only: M m L l H h V v Z z. */
function polygon(d) {
  const points = [];
  let [x, y] = [0, 0];
  for (const [, command, rest] of d.matchAll(/([MmLlHhVvZz])([^MmLlHhVvZz]*)/g)) {
    const numbers = (rest.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    const step = /[HhVv]/.test(command) ? 1 : 2;
    const own = command === command.toLowerCase();
    for (let i = 0; i < numbers.length; i += step) {
      if (/[Hh]/.test(command)) x = numbers[i] + (own ? x : 0);
      else if (/[Vv]/.test(command)) y = numbers[i] + (own ? y : 0);
      else [x, y] = [numbers[i] + (own && (points.length || i) ? x : 0), numbers[i + 1] + (own && (points.length || i) ? y : 0)];
      points.push([x, y]);
    }
  }
  return points;
}

function isInside(points, x, y) {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [points[i], points[j]];
    if (yi > y !== yj > y && x < xi + ((xj - xi) * (y - yi)) / (yj - yi)) inside = !inside;
  }
  return inside;
}

/** RGB rows of a square picture, each led by PNG's filter byte 0. */
function rows({ ground, front, shapes }, size) {
  const bytes = Buffer.alloc(size * (1 + size * 3));
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++) {
      let cover = 0;
      for (let n = 0; n < SAMPLES * SAMPLES; n++) {
        const x = ((column + ((n % SAMPLES) + 0.5) / SAMPLES) * SIDE) / size;
        const y = ((row + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES) * SIDE) / size;
        cover += (shapes.find((shape) => isInside(shape.points, x, y))?.opacity ?? 0) / SAMPLES ** 2;
      }
      const at = row * (1 + size * 3) + 1 + column * 3;
      for (let c = 0; c < 3; c++) bytes[at + c] = Math.round(ground[c] + (front[c] - ground[c]) * cover);
    }
  return bytes;
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The mark as a PNG, `size` pixels square. */
export function drawIcon(svg, size) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8); // eight bits a channel, RGB
  const picture = deflateSync(rows(readMark(svg), size), { level: 9 });
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", picture), chunk("IEND", Buffer.alloc(0))]);
}

/** Name and content of every picture. */
export function icons(svg) {
  return [192, 512].map((size) => {
    const contents = drawIcon(svg, size);
    const hash = createHash("sha256").update(contents).digest("hex").slice(0, 12);
    return { plain: `icon-${size}.png`, name: `icon-${size}.${hash}.png`, contents };
  });
}
