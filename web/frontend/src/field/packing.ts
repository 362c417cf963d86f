// Fetches the pack and says how far it is: on a slow line the first one takes a while.
import { troubleOfStatus } from "../request.ts";
import { answerOf, troubleOf } from "./contact.ts";
import type { Pack, Sent } from "./pack.ts";

const PATIENCE_MS = 300_000;

/** Ask for what changed and take it in. `come` hears the share that has arrived, 0–1. Throws RequestTrouble. */
export async function fetchPack(pack: Pack, come: (share: number) => void): Promise<void> {
  const query = new URLSearchParams({ area: await pack.area(), have: await pack.marks() });
  const response = await answerOf(`/field/pack/?${query}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw await troubleOf(response);
  const whole = Number(response.headers.get("X-Length"));
  const text = await read(response, (bytes) => whole && come(Math.min(1, bytes / whole)));
  await pack.take(JSON.parse(text) as Sent);
}

/**
 * The parts of the opening view, for a phone that has nothing yet. The page's own answer has asked for them already
 * (Link: rel=preload), so this is asked exactly as that was. Null where nobody is signed in or nothing came.
 */
export async function fetchFirst(): Promise<Sent | null> {
  const response = await fetch("/field/pack/?first=1").catch(() => null);
  return response?.ok ? ((await response.json().catch(() => null)) as Sent | null) : null;
}

async function read(response: Response, come: (bytes: number) => void): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return response.text();
  let text = "";
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) come((text += piece.value).length); // characters, near enough
  } catch {
    throw troubleOfStatus(0);
  }
  return text;
}
