// What could be labelled in one square: areas, cells with their figure, land, roads, houses.
import type { Look, Part, Parts } from "../drawing/look.ts";
import { widthAt, ROADS } from "../drawing/carto.ts";
import { eachRing } from "../tiles/rings.ts";
import { word, type Shapes } from "../tiles/shapes.ts";
import { isStacked, stretchesAlong } from "./along.ts";
import type { Candidate } from "./place.ts";

/** Where a square lies on the canvas, and what is written of a place. */
export interface Site {
  left: number;
  top: number;
  /** Pixels of the canvas per pixel of the square: between two zooms squares are shown smaller. */
  shrunk: number;
  /** Of the map as it is seen; the square may have been painted for the next half step. */
  zoom: number;
  look: Look;
  words: Words;
}

export interface Words {
  /** A cell's name without its community's, which is written beside it. */
  nameOf(code: string, name: string): string;
  /** The line under a place's name; empty for none. */
  figureOf(id: number): string;
}

const RANKS = {
  street: 0,
  cell: 1,
  community: 2,
  trunk: 3,
  major: 4,
  land: 5,
  minor: 6,
  lane: 8,
  building: 9,
};
/** Below this zoom a cell is too small for its name: its figure alone stands in it. */
const CELL_NAMES_FROM = 16;
const LAND_STYLES: Record<string, string> = { park: "park", water: "water" };
const LAND_SHOWN = new Set([
  "park",
  "water",
  "school",
  "hospital",
  "square",
  "commercial",
  "industry",
  "residential",
  "village",
]);

export function candidatesIn(parts: Parts, site: Site): Candidate[] {
  const { look } = site;
  return [
    ...(parts.areas ? areaLabels(parts.areas, site) : []),
    ...(look.cells && parts.cells && site.zoom >= 14 ? cellLabels(parts.cells, site) : []),
    ...(look.base && parts.base ? [...landLabels(parts.base, site), ...roadLabels(parts.base, site)] : []),
    ...(look.buildings && parts.buildings && site.zoom >= 17 ? buildingLabels(parts.buildings, site) : []),
  ];
}

/** From units of a data tile to pixels of the canvas. */
function project({ source }: Part, site: Site, x: number, y: number): { x: number; y: number } {
  return {
    x: (x * source.scale - source.left) * site.shrunk + site.left,
    y: (y * source.scale - source.top) * site.shrunk + site.top,
  };
}

/** Whether a word could stand in a polygon at all: no letter is narrower. Spares measuring thousands that could not. */
function mayFit(part: Part, site: Site, shapes: Shapes, i: number, text: string): boolean {
  return (shapes.rooms as Float32Array)[i] * part.source.scale * site.shrunk >= 6 * text.length;
}

function polygonLabel(
  part: Part,
  site: Site,
  shapes: Shapes,
  i: number,
): Omit<Candidate, "lines" | "style" | "rank"> {
  const { anchors, rooms } = shapes as Required<Shapes>;
  return {
    key: `${shapes.ids[i]}`,
    ...project(part, site, anchors[i * 2], anchors[i * 2 + 1]),
    room: rooms[i] * part.source.scale * site.shrunk,
    angle: 0,
    stacked: false,
    apart: 0,
  };
}

function areaLabels(part: Part, site: Site): Candidate[] {
  const { look } = site;
  const shapes = part.tile.area;
  const found: Candidate[] = [];
  for (let i = 0; i < (shapes?.count ?? 0); i++) {
    const level = String(word(shapes, "level", i));
    if (!isAreaLabelled(level, site)) continue;
    const base = polygonLabel(part, site, shapes, i);
    const figure = look.figures === level ? site.words.figureOf(shapes.ids[i]) : "";
    found.push({
      ...base,
      key: `area ${base.key}`,
      lines: [String(word(shapes, "name", i)), figure].filter(Boolean),
      style: level === "community" ? "community" : "street",
      rank: level === "community" ? RANKS.community : RANKS.street,
      room: base.room * 1.15,
      slides: slidesIn(part, site, shapes, i),
    });
  }
  return found;
}

function isAreaLabelled(level: string, { zoom, look }: Site): boolean {
  if (level === "community") return look.communities && zoom >= 13 && zoom < 17;
  return look.streets && zoom < (level === "street" ? 14 : 11);
}

function cellLabels(part: Part, site: Site): Candidate[] {
  const shapes = part.tile.cell;
  const found: Candidate[] = [];
  for (let i = 0; i < (shapes?.count ?? 0); i++) {
    const base = polygonLabel(part, site, shapes, i);
    const figure = site.look.figures === "cells" ? site.words.figureOf(shapes.ids[i]) : "";
    const name = site.words.nameOf(String(word(shapes, "code", i)), String(word(shapes, "name", i) ?? ""));
    const named = site.zoom >= CELL_NAMES_FROM;
    if (!named && !figure) continue;
    const lines = named ? [name, figure].filter(Boolean) : [figure];
    const style = named ? "cell" : "cellFigure";
    found.push({
      ...base,
      key: `cell ${base.key}`,
      lines,
      style,
      rank: RANKS.cell,
      slides: slidesIn(part, site, shapes, i),
    });
  }
  return found;
}

/** Over or under its community's name, as far as its own ground reaches. */
function slidesIn(part: Part, site: Site, shapes: Shapes, i: number): number[] {
  const middle = (shapes.anchors as Float32Array)[i * 2 + 1];
  const scale = part.source.scale * site.shrunk;
  const up = (middle - shapes.boxes[i * 4 + 1]) * scale - 16;
  const down = (shapes.boxes[i * 4 + 3] - middle) * scale - 16;
  return [22, -22, 36, -36].filter((slide) => slide <= down && -slide <= up);
}

function landLabels(part: Part, site: Site): Candidate[] {
  const shapes = part.tile.ground;
  const found: Candidate[] = [];
  for (let i = 0; i < (shapes?.count ?? 0); i++) {
    const name = word(shapes, "name", i);
    const kind = String(word(shapes, "kind", i));
    if (!name || !LAND_SHOWN.has(kind) || !mayFit(part, site, shapes, i, String(name))) continue;
    const base = polygonLabel(part, site, shapes, i);
    const green = kind in LAND_STYLES;
    if (!green && site.zoom < 15) continue;
    const rank = green || kind === "school" || kind === "hospital" ? RANKS.land : RANKS.land + 2;
    found.push({
      ...base,
      key: `land ${base.key}`,
      lines: [String(name)],
      style: LAND_STYLES[kind] ?? "place",
      rank,
      apart: 160,
    });
  }
  return found;
}

function roadLabels(part: Part, site: Site): Candidate[] {
  const shapes = part.tile.way;
  const found: Candidate[] = [];
  for (let i = 0; i < (shapes?.count ?? 0); i++) {
    const name = word(shapes, "name", i);
    if (name) found.push(...labelsOfWay(part, site, shapes, i, String(name)));
  }
  return found;
}

function labelsOfWay(part: Part, site: Site, shapes: Shapes, i: number, name: string): Candidate[] {
  const scale = part.source.scale * site.shrunk;
  const rank = String(word(shapes, "rank", i) ?? "minor");
  const river = word(shapes, "kind", i) === "river";
  if (!river && !isRoadLabelled(rank, site.zoom)) return [];
  const style = river ? "water" : rank === "trunk" || rank === "major" ? "roadLarge" : "road";
  const found: Candidate[] = [];
  eachRing(shapes, i, (from, to) => {
    stretchesAlong(shapes.xy, from, to, 420 / scale, (name.length * 14) / scale).forEach(
      ({ x, y, angle }, k) => {
        const key = `way ${shapes.ids[i]} ${part.source.x} ${part.source.y} ${from} ${k}`;
        const stacked = isStacked(angle, name);
        found.push({
          key,
          lines: [name],
          ...project(part, site, x, y),
          angle,
          stacked,
          style,
          room: Infinity,
          apart: 300,
          rank: rankOf(rank, river),
        });
      },
    );
  });
  return found;
}

function isRoadLabelled(rank: string, zoom: number): boolean {
  const road = ROADS[rank];
  if (!road) return false;
  return widthAt(zoom, road.width) >= 4.5 || (rank === "lane" && zoom >= 18);
}

function rankOf(rank: string, river: boolean): number {
  return river ? RANKS.land : (RANKS[rank as keyof typeof RANKS] ?? RANKS.lane);
}

function buildingLabels(part: Part, site: Site): Candidate[] {
  const shapes = part.tile.building;
  const found: Candidate[] = [];
  for (let i = 0; i < (shapes?.count ?? 0); i++) {
    const label = word(shapes, "label", i);
    if (!label || !mayFit(part, site, shapes, i, String(label))) continue;
    const base = polygonLabel(part, site, shapes, i);
    found.push({
      ...base,
      key: `house ${base.key}`,
      lines: [String(label)],
      style: "building",
      rank: RANKS.building,
    });
  }
  return found;
}
