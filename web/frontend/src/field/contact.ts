// Whether the server answers and who it takes us for. What the phone thinks of its network is not asked.
import { RequestTrouble, troubleOfStatus } from "../request.ts";

/** Whose page it is, as the server knows them: an opaque word, what they may do, how long the phone keeps their data. */
export interface Holder {
  readonly holder: string;
  readonly able: string[];
  readonly days: number;
  readonly demonstration: boolean;
}

/** What the server says to a page that asks. `csrf` opens one form and is never stored. */
export interface Hello extends Holder {
  readonly csrf: string;
}

export type Contact = "unknown" | "online" | "offline" | "signed-out" | "turned-away";

const PATIENCE_MS = 15_000;

/** Ask who we are. Throws RequestTrouble: offline, signed-out (sign in), refused (no posting, password to change). */
export async function sayHello(signal?: AbortSignal): Promise<Hello> {
  return askOnce<Hello>("/field/hello/", signal ?? AbortSignal.timeout(PATIENCE_MS));
}

/** JSON of the server; any failure to get an answer is "offline". */
export async function askOnce<T>(address: string, signal?: AbortSignal, sent: RequestInit = {}): Promise<T> {
  const response = await answerOf(address, { ...sent, signal });
  if (!response.ok) throw await troubleOf(response);
  return (await response.json().catch(() => Promise.reject(troubleOfStatus(0)))) as T;
}

/** The answer whatever its status; RequestTrouble "offline" where none came, or one of somebody else's (a hotel's page). */
export async function answerOf(address: string, sent: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = { Accept: "application/json", ...sent.headers };
    response = await fetch(address, { cache: "no-store", redirect: "manual", ...sent, headers });
  } catch {
    throw troubleOfStatus(0);
  }
  const ours = response.headers.has("X-Request-Id"); // every answer of the server carries one; a portal's page does not
  if (response.type === "opaqueredirect" || !ours) throw troubleOfStatus(0);
  return response;
}

export async function troubleOf(response: Response): Promise<RequestTrouble> {
  const own = troubleOfStatus(response.status);
  const said = (await response.json().catch(() => null)) as { error?: string; fix?: string } | null;
  return new RequestTrouble(own.kind, said?.error ?? own.message, said?.fix ?? own.fix);
}

/** How a failure to say hello is to be understood. */
export function contactAfter(error: unknown): Contact {
  if (!(error instanceof RequestTrouble)) return "offline";
  if (error.kind === "signed-out") return "signed-out";
  return error.kind === "refused" ? "turned-away" : "offline";
}
