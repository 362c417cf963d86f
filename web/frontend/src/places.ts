// Every area and cell of the reader's scope with its bounds: to go to one by its code, and to know what is on screen.
import { askJson } from "./request.ts";

export interface Listed {
  code: string;
  name: string;
  level: string;
  bbox: [number, number, number, number];
}

export class Places {
  private constructor(private readonly byCode: Map<string, Listed>) {}

  static async ask(address: string): Promise<Places> {
    const answer = await askJson<{ places: Listed[] }>(address);
    return Places.of(answer.places);
  }

  static of(listed: Listed[]): Places {
    return new Places(new Map(listed.map((place) => [place.code, place])));
  }

  get(code: string): Listed | undefined {
    return this.byCode.get(code);
  }

  /** Codes of a level whose bounds meet a box (west, south, east, north). */
  meeting([west, south, east, north]: number[], level: string): Set<string> {
    const found = new Set<string>();
    for (const { code, level: own, bbox } of this.byCode.values())
      if (own === level && bbox[0] <= east && bbox[2] >= west && bbox[1] <= north && bbox[3] >= south)
        found.add(code);
    return found;
  }

  /** How many places of a level of the map ("cells", "community" …) there are. */
  count(level: string): number {
    const wanted = level === "cells" ? "cell" : level;
    return [...this.byCode.values()].filter((place) => place.level === wanted).length;
  }

  /** A cell's own part of its name: "第2网格" of "太平社区第2网格" where 太平社区 is the community. */
  shortName(code: string, name: string): string {
    const community = this.byCode.get(code.slice(0, 12))?.name;
    return community && code.length === 15 && name.startsWith(community)
      ? name.slice(community.length).trim() || name
      : name;
  }

  nameAndParent(code: string, name: string): [name: string, parent: string] {
    const parent = code.length === 15 ? code.slice(0, 12) : code.slice(0, 9);
    const own = code.length === 15 ? this.shortName(code, name) : (this.byCode.get(code)?.name ?? name);
    return [own, parent === code ? "" : (this.byCode.get(parent)?.name ?? "")];
  }

  /** Name of a place with what it lies in: "第3网格 · 幸福西街社区". */
  describe(code: string): string {
    const own = this.byCode.get(code);
    return own ? this.nameAndParent(code, own.name).filter(Boolean).join(" · ") : "";
  }
}
