// What is being written, kept sealed on the phone so that a closed browser or an empty battery loses nothing.
import { keepNote, note } from "../database.ts";
import { seal, sealJson, unseal, unsealJson, type Sealed } from "../sealing.ts";
import type { Position } from "./exif.ts";

/** A report on its way. `building` where one comes from a building; `error`: metres, where the phone measured it;
 * `component`: the key of the part of the city it points at. */
export interface Draft {
  at: Position | null;
  error: number | null;
  building: number | null;
  placeName: string;
  category: number | null;
  component: number | null;
  text: string;
  sameAs: string;
}

export const EMPTY: Readonly<Draft> = {
  at: null, error: null, building: null, placeName: "", category: null, component: null, text: "", sameAs: "",
};

interface Kept {
  readonly draft: Sealed;
  readonly photos: Sealed[];
}

/** Kept for whoever is here; of one who has signed out meanwhile, in another tab, nothing is. */
export async function keepDraft(holder: string, draft: Draft, photos: Blob[]): Promise<void> {
  if ((await note<{ holder: string }>("holder"))?.holder !== holder) return;
  const kept: Kept = { draft: await sealJson(holder, draft), photos: await Promise.all(photos.map((one) => seal(holder, one))) };
  await keepNote(`draft report ${holder}`, kept);
}

export async function dropDraft(holder: string): Promise<void> {
  await keepNote(`draft report ${holder}`, null);
}

/** The draft of this person; null where there is none or it can no longer be opened. */
export async function readDraft(holder: string): Promise<{ draft: Draft; photos: Blob[] } | null> {
  try {
    const kept = await note<Kept | null>(`draft report ${holder}`);
    if (!kept) return null;
    const photos = await Promise.all(kept.photos.map((one) => unseal(holder, one, "image/jpeg")));
    return { draft: { ...EMPTY, ...(await unsealJson<Draft>(holder, kept.draft)) }, photos };
  } catch {
    return null;
  }
}
