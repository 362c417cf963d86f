// What is open nearby and may be the same: asked of the server, or looked up in the pack where it does not answer.
import { answerOf, sayHello, troubleOf } from "../contact.ts";
import type { CategoryPart, OpenIncidentPart } from "../parts.ts";
import type { App } from "../view.ts";
import { t } from "../../words.ts";
import { metresBetween } from "./lie.ts";
import type { Position } from "./exif.ts";

export interface Similar {
  readonly number: string;
  readonly name: string;
  readonly place: string;
  readonly text: string;
  readonly state: string;
  readonly reasons: string[];
}

/** What a report says so far. */
export interface Asked {
  readonly at: Position;
  readonly category: CategoryPart | null;
  readonly component: number | null;
  readonly text: string;
}

const MOST = 4;
/** The same scales as the server's (gis/incidents/similar.py): metres and days over which likeness falls to a third. */
const [METRES, DAYS, LEAST, SAME_COMPONENT] = [60, 15, 0.12, 2];

export async function findSimilar(app: App, asked: Asked, signal: AbortSignal): Promise<Similar[]> {
  if (app.online)
    try {
      return await askServer(asked, signal);
    } catch (error) {
      if (signal.aborted) throw error;
    }
  return inPack(await app.pack.get("incidents"), asked, Date.now());
}

async function askServer({ at, category, component, text }: Asked, signal: AbortSignal): Promise<Similar[]> {
  const { csrf } = await sayHello(signal);
  const form = new FormData();
  const fields = { lat: at.lat, lon: at.lon, category: category?.id ?? "", component: component ?? "", text };
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  const asked = { method: "POST", body: form, headers: { "X-CSRFToken": csrf }, signal };
  const response = await answerOf("/incidents/similar/", asked);
  if (!response.ok) throw await troubleOf(response);
  return ((await response.json()) as { similar: Similar[] }).similar;
}

/** The likeliest of the pack: about the same component, near, of the same kind, recent. Words are not on the phone. */
export function inPack(open: OpenIncidentPart[] | null, { at, category, component }: Omit<Asked, "text">, now: number): Similar[] {
  const judged = (open ?? []).map((one) => {
    const metres = metresBetween(at, one);
    const days = Math.max(0, now / 1000 - one.at) / 86_400;
    const kind = !category ? 0.6 : one.category === category.id ? 1 : one.major === category.major ? 0.6 : 0.1;
    const pointed = component !== null && one.component === component;
    const likeness = (pointed ? SAME_COMPONENT : 0) + kind * Math.exp(-metres / METRES) * Math.exp(-days / DAYS);
    return { one, metres, days, pointed, likeness };
  });
  const kept = judged.filter(({ likeness }) => likeness >= LEAST).sort((a, b) => b.likeness - a.likeness);
  return kept.slice(0, MOST).map(({ one, metres, days, pointed }) => {
    const why = reasons(one, category, metres, days);
    return { ...one, text: "", reasons: pointed ? [t("同一部件"), ...why] : why };
  });
}

function reasons(one: OpenIncidentPart, category: CategoryPart | null, metres: number, days: number): string[] {
  const same = category?.id === one.category ? t("同类") : category?.major === one.major ? t("同一大类") : "";
  const hours = Math.floor(days * 24);
  const ago = hours < 1 ? t("不到 1 小时前") : hours < 48 ? t("{n} 小时前", { n: hours }) : t("{n} 天前", { n: Math.floor(days) });
  return [same, t("{n} 米", { n: Math.round(metres) }), ago].filter(Boolean);
}
