// A move sent to the server: done, or not done and why. Nothing a form holds is lost by asking.
import { cookie, troubleOfStatus } from "../request.ts";

/** A step that somebody else made meanwhile. */
export interface TheirStep {
  act: string;
  who: string;
  after: string;
  note: string;
}

export interface Done {
  said: string;
  /** Where it can be taken back; empty where it cannot. */
  undo: string;
  revision: number;
}

export interface NotDone {
  status: number;
  error: string;
  fix: string;
  fields?: Record<string, string>;
  theirs?: { revision: number; steps: TheirStep[] };
}

export type Outcome = { done: Done } | { notDone: NotDone };

/** Post a form's fields. Never throws: a network that is away is an outcome too. */
export async function send(address: string, fields: FormData): Promise<Outcome> {
  const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") };
  let response: Response;
  try {
    response = await fetch(address, { method: "POST", body: fields, headers });
  } catch {
    return { notDone: inWords(0, null) };
  }
  if (response.redirected) return { notDone: inWords(401, null) };
  const told = (await response.json().catch(() => null)) as (Done & NotDone) | null;
  return response.ok && told ? { done: told } : { notDone: inWords(response.status, told) };
}

function inWords(status: number, told: NotDone | null): NotDone {
  const own = troubleOfStatus(status);
  return { ...told, status, error: told?.error ?? own.message, fix: told?.fix ?? own.fix };
}
