// The calls recorded on this phone: those that wait to be sent, and those sent since the server last told who is due.
import type { Item } from "../outbox.ts";
import type { App } from "../view.ts";

export interface Recorded {
  readonly items: readonly Item[];
  /** Doors that are done as far as this phone knows. */
  readonly done: ReadonlySet<number>;
  /** Numbers of cases on which a move waits to be sent. */
  readonly moved: ReadonlySet<string>;
  /** Calls of today that are being taken back. */
  readonly withdrawn: ReadonlySet<string>;
}

/** Door → when its call was recorded: it stays done until a list arrives that was made after that. */
const recent = new Map<number, number>();

export function remember(door: number): void {
  recent.set(door, Date.now());
}

export function forget(door: number): void {
  recent.delete(door);
}

export async function readRecorded(app: App): Promise<Recorded> {
  const all = await app.outbox.list().catch(() => []);
  const items = all.filter((item) => item.kind === "visit");
  const told = (await app.pack.age()) ?? 0;
  for (const [door, at] of recent) if (at < told) recent.delete(door);
  const calls = items.filter(({ body }) => typeof body.dwelling === "number");
  return {
    items: calls,
    done: new Set([...calls.map(({ body }) => body.dwelling as number), ...recent.keys()]),
    moved: new Set(all.filter((item) => item.kind === "move").map(({ body }) => String(body.number))),
    withdrawn: new Set(items.map(({ body }) => String(body.withdraw ?? ""))),
  };
}
