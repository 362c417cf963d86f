// The figures of one indicator. The only place that knows how they travel.
import { askJson } from "../request.ts";

export interface Figure {
  id: number;
  code: string;
  name: string;
  /** null: withheld or not known */
  value: number | null;
  hidden: boolean;
}

export interface Figures {
  layer: string;
  indicator: string;
  unit: string;
  at: string;
  rows: Figure[];
  byId: Map<number, Figure>;
}

interface Wire {
  indicator: string;
  unit: string;
  layer: string;
  at: string;
  ids: number[];
  codes: string[];
  names: string[];
  values: (number | null)[];
  hidden: number[];
}

export async function askFigures(address: string, layer: string, indicator: string, signal?: AbortSignal) {
  const query = new URLSearchParams({ layer, indicator });
  return readFigures(await askJson<Wire>(`${address}?${query}`, signal));
}

export function readFigures(wire: Wire): Figures {
  const hidden = new Set(wire.hidden);
  const rows = wire.ids.map((id, i) => ({
    id,
    code: wire.codes[i],
    name: wire.names[i],
    value: hidden.has(id) ? null : wire.values[i],
    hidden: hidden.has(id),
  }));
  const { layer, indicator, unit, at } = wire;
  return { layer, indicator, unit, at, rows, byId: new Map(rows.map((row) => [row.id, row])) };
}

/** The figures that can be coloured and ranked. */
export function known(figures: Figures): number[] {
  return figures.rows.flatMap((row) => (row.value === null ? [] : [row.value]));
}
