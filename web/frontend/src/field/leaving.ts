// Signing out: the session ends and everything of this person leaves the phone; without signal the session ends later.
import { forgetFieldHere } from "../site/leaving.ts";
import { answerOf, sayHello } from "./contact.ts";
import { keepNote, note, wipe } from "./database.ts";
import { forgetKeys } from "./sealing.ts";

const LEFT = "left"; // whose session is still to be ended

/** Wipe what is kept of `holder`, then end the session, now or at the next contact. */
export async function leave(holder: string): Promise<void> {
  if (holder) await wipe(holder);
  forgetKeys();
  forgetFieldHere();
  await keepNote(LEFT, holder || true);
  await endSession();
}

/** Whether somebody has left here whose session may not have ended. */
export async function isLeft(): Promise<boolean> {
  return Boolean(await note<string | boolean>(LEFT).catch(() => false));
}

/**
 * End a session that was left without signal. Returns whether none is left over: until then the server still takes this
 * phone for somebody who has gone, and nothing of theirs is asked for.
 */
export async function endSession(): Promise<boolean> {
  const left = await note<string | boolean>(LEFT).catch(() => false);
  return !left || end(left).catch(() => false);
}

async function end(left: string | boolean): Promise<boolean> {
  const hello = await sayHello().catch((error: { kind?: string }) => (error.kind === "signed-out" ? null : Promise.reject(error)));
  if (hello && (left === true || left === hello.holder)) {
    const headers = { "X-CSRFToken": hello.csrf };
    const answer = await answerOf("/sign-out/", { method: "POST", headers, redirect: "follow" });
    if (!answer.ok) return false;
  }
  await keepNote(LEFT, false);
  return true;
}

