// What the server sends of visits (`web/field/visits.py`): the doors that are due, what waits to be looked at.

/** One question of the form; `was` is what stands there now. */
export interface Gap {
  readonly field: "born" | "phone" | "number" | "relation" | "need";
  readonly was: string;
  readonly tag: string;
}

export interface PersonPart {
  readonly id: number;
  readonly name: string;
  readonly sex: string;
  readonly age: number | null;
  /** The last four digits. */
  readonly phone: string;
  readonly relation: string;
  readonly tags: readonly string[];
  /** Dates as 2026-11-23: due, last met, last called on in vain. */
  readonly due: string;
  readonly met: string | null;
  readonly tried: string | null;
  readonly gaps: readonly Gap[];
}

export interface DoorPart {
  readonly id: number;
  readonly building: number;
  readonly unit: string;
  readonly floor: number | null;
  readonly room: string;
  readonly label: string;
  readonly state: string;
  readonly asksState: boolean;
  readonly people: readonly PersonPart[];
}

export interface TaskPart {
  readonly number: string;
  readonly category: string;
  readonly place: string;
  readonly state: string;
  readonly stateName: string;
  readonly text: string;
  readonly due: string | null;
  readonly at: readonly [number, number];
  readonly building: number | null;
  /** Of the case as the phone knows it: whoever decides says on which one. */
  readonly revision: number;
  /** What its holder may do about it on the spot; what is expected first. */
  readonly moves: readonly MovePart[];
}

export interface MovePart {
  readonly act: string;
  readonly name: string;
  readonly needsNote: boolean;
}

/** A call of today that the server has. */
export interface DonePart {
  readonly call: string;
  readonly building: number;
  readonly label: string;
  readonly outcome: string;
  readonly at: string;
}

/** A field of the catalogue as it is asked: `gap` where the visit's own questions ask the same. */
export interface AskedField {
  readonly code: string;
  readonly name: string;
  readonly kind: "text" | "number" | "date" | "yes_no" | "choice" | "code";
  /** The forms that want it, each with its department. */
  readonly why: readonly string[];
  readonly options?: readonly (readonly [string, string])[];
  readonly gap?: string;
}

/** The one form of each door (`web/field/asked.py`). */
export interface FormsPart {
  readonly fields: readonly AskedField[];
  /** By door: number of the field, subject (p12, h3, d45), what stood there. */
  readonly asks: Readonly<Record<string, readonly (readonly [number, string, string])[]>>;
  /** By door: forms due there, questions in them, how many of these are known. */
  readonly counts: Readonly<Record<string, readonly [number, number, number]>>;
  /** By door: who lives there without being due for a visit: key, name, relation. */
  readonly mates: Readonly<Record<string, readonly (readonly [number, string, string])[]>>;
}

export interface VisitsPart {
  /** Whether the reader is told who is due, and may record visits. */
  readonly named: boolean;
  readonly writes: boolean;
  readonly doors: readonly DoorPart[];
  readonly tasks: readonly TaskPart[];
  readonly done: readonly DonePart[];
  readonly unverified: readonly { readonly building: number; readonly doors: number }[];
  readonly buildings: Readonly<Record<string, { readonly label: string; readonly at: readonly [number, number] }>>;
  readonly needs: Readonly<Record<string, string>>;
  /** Not there in a pack from before forms. */
  readonly forms?: FormsPart;
  readonly relations: Readonly<Record<string, string>>;
  readonly states: readonly (readonly [string, string])[];
  /** Days until the next try after a call in vain. */
  readonly retryAfter: number;
}
