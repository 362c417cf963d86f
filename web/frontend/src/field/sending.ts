// Sends what waits, one item at a time over all tabs, and keeps the server's answer with each.
import { t } from "../words.ts";
import { answerOf, contactAfter, sayHello, type Contact, type Hello } from "./contact.ts";
import type { Outbox, Problem, WholeItem } from "./outbox.ts";

/** What came of a try: how the server stands, and whether everything that could be sent was. */
export interface Tried {
  readonly contact: Contact;
  readonly hello: Hello | null;
  readonly stored: number;
  readonly more: boolean;
}

const BYTES_A_MS = 4; // of a bad line; a photo that takes longer than this and a minute is tried again later

/** Say hello, then send what waits for that person. Runs in one tab at a time; a second one waits its turn. */
export async function sendWaiting(outbox: Outbox, holder: string): Promise<Tried> {
  return alone(async () => {
    let hello: Hello;
    try {
      hello = await sayHello();
    } catch (error) {
      return { contact: contactAfter(error), hello: null, stored: 0, more: true };
    }
    if (hello.holder !== holder) return { contact: "online", hello, stored: 0, more: true };
    outbox.locked = false;
    return sendAll(outbox, hello);
  });
}

/** Only one tab works at a time. Plain http has no locks: there two tabs may send the same item, and it is stored once. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request("wangge-field-sending", work) : work();
}

async function sendAll(outbox: Outbox, hello: Hello): Promise<Tried> {
  let stored = 0;
  for (const { uuid, state } of await outbox.list()) {
    const item = state === "waiting" ? await outbox.get(uuid) : null;
    if (!item) continue;
    const contact = await sendOne(outbox, item, hello);
    if (contact !== "online") return { contact, hello: contact === "offline" ? hello : null, stored, more: true };
    stored += 1;
  }
  return { contact: "online", hello, stored, more: false };
}

/** Send one item. "online": the server has decided over it; anything else: it waits, and so do those behind it. */
async function sendOne(outbox: Outbox, item: WholeItem, hello: Hello): Promise<Contact> {
  let response: Response;
  try {
    response = await post(item, hello);
  } catch (error) {
    return contactAfter(error);
  }
  const said = (await response.json().catch(() => null)) as (Partial<Problem> & { stored?: boolean; outcome?: Record<string, unknown> }) | null;
  if (response.ok) return said?.stored ? (await outbox.stored(item, said.outcome), "online") : "offline";
  if (response.status === 401 || response.status === 403) return "signed-out";
  if (response.status >= 500 || response.status === 429 || response.status === 408) return "offline";
  await outbox.answered(item, response.status === 409 ? "conflict" : "refused", problemOf(said, response.status));
  return "online";
}

function problemOf(said: Partial<Problem> | null, status: number): Problem {
  const { error, fix, fields, theirs } = said ?? {};
  const whole = { error: error ?? t("服务器没有接受（{status}）。", { status }), fix: fix ?? t("请修改后再发送。") };
  return { ...whole, fields, theirs };
}

async function post(item: WholeItem, hello: Hello): Promise<Response> {
  const form = new FormData();
  const { uuid, kind, written, body, pictures } = item;
  const fields = { uuid, kind, by: hello.holder, written, sent: Date.now(), body: JSON.stringify(body) };
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  pictures.forEach((picture, n) => form.append("photo", picture, `${n + 1}.${picture.type.split("/")[1] || "bin"}`));
  const bytes = pictures.reduce((sum, one) => sum + one.size, 0);
  const signal = AbortSignal.timeout(60_000 + bytes / BYTES_A_MS);
  // A form that breaks off half-way still looks like a form: the server compares these with what has come.
  const headers = { "X-CSRFToken": hello.csrf, "X-Photo-Sizes": pictures.map((one) => one.size).join(",") };
  return answerOf("/field/submissions/", { method: "POST", body: form, headers, signal });
}
