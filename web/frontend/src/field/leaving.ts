// Signing out: the session ends and everything of this person leaves the phone; without signal the session ends later.
import { forgetFieldHere } from "../site/leaving.ts";
import { answerOf, sayHello } from "./contact.ts";
import { keepNote, note, wipe } from "./database.ts";
import { forgetKeys } from "./sealing.ts";

const LEFT = "left"; // a session that is still to be ended

/** Wipe what is kept of `holder`, then end the session, now or at the next contact. */
export async function leave(holder: string): Promise<void> {
  if (holder) await wipe(holder);
  forgetKeys();
  forgetFieldHere();
  await keepNote(LEFT, true);
  await endSession().catch(() => undefined);
}

/** End a session that was left without signal. Returns whether there was one and it has ended or still waits. */
export async function endSession(): Promise<void> {
  if (!(await note<boolean>(LEFT).catch(() => false))) return;
  const hello = await sayHello().catch((error: { kind?: string }) => (error.kind === "signed-out" ? null : Promise.reject(error)));
  if (hello) {
    const headers = { "X-CSRFToken": hello.csrf };
    await answerOf("/sign-out/", { method: "POST", headers, redirect: "follow" });
  }
  await keepNote(LEFT, false);
}

