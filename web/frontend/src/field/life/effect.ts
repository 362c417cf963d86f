// What a life event that waits here does to the doors of its building, until a pack tells it.
import { t } from "../../words.ts";
import type { Door, Pending, Person } from "../doors/model.ts";

/** The people behind the doors as they are once the event is stored. */
export function withLife(doors: Door[], body: Record<string, unknown>, pending: Pending): Door[] {
  const concerned = new Set([body.resident, ...((body.along as number[] | undefined) ?? [])]);
  return doors.map((door) => {
    if (!door.people.some(({ resident, kind }) => kind === "living" && concerned.has(resident))) return door;
    const people = door.people.map((person) => (person.kind === "living" && concerned.has(person.resident) ? changed(person, body) : person));
    const mark: Pending = pending === "troubled" || door.pending === "troubled" ? "troubled" : pending || door.pending;
    return { ...door, people: [...people, ...born(body)], pending: mark };
  });
}

function changed(person: Person, body: Record<string, unknown>): Person {
  const { kind, on, population, name } = body as Record<string, string>;
  if (kind === "moved" || kind === "left" || kind === "died") return { ...person, left: on };
  if (kind === "type") return { ...person, population };
  return kind === "named" ? { ...person, name } : person;
}

function born({ kind, name, sex }: Record<string, unknown>): Person[] {
  if (kind !== "born") return [];
  const called = String(name || t("新生儿"));
  return [{ stay: 0, resident: 0, kind: "living", name: called, relation: "", sex: String(sex), age: 0, population: "", phone: "", identity: "", confirmed: "", needs: [] }];
}
