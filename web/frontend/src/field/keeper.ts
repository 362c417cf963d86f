// The service worker of the field page: keeps the page itself, never an answer about anybody.
// The server puts the names of the files it keeps before it (web/field/page.py).
import { note } from "./database.ts";
import { Outbox } from "./outbox.ts";
import { sendWaiting } from "./sending.ts";

declare const FIELD: { version: string; files: string[]; shells: string[] };

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const KEPT = `wangge-field ${FIELD.version}`;

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});

worker.addEventListener("sync" as never, (event: ExtendableEvent) => event.waitUntil(sendAll()));

/**
 * There is signal again and the page may be closed: send what waits. What is left makes the browser try again. A page
 * that is looked at sends for itself: it shows what came of it.
 */
async function sendAll(): Promise<void> {
  const pages = await worker.clients.matchAll({ type: "window" });
  if (pages.some((page) => page.visibilityState === "visible" && new URL(page.url).pathname === "/field/")) return;
  const holder = (await note<{ holder: string }>("holder"))?.holder;
  if (!holder) return;
  const tabs = new BroadcastChannel("wangge-field");
  const outbox = new Outbox(() => tabs.postMessage("outbox"));
  outbox.belongTo(holder);
  const { contact, stored } = await sendWaiting(outbox, holder);
  if (stored) tabs.postMessage("sent");
  if (contact === "offline") throw new Error("no signal");
}

/** All or nothing: a page without one of its pieces would fail where there is no signal. */
async function keepAll(): Promise<void> {
  const kept = await caches.open(KEPT);
  await kept.addAll([...FIELD.files, ...FIELD.shells].map((address) => new Request(address, { cache: "no-cache" })));
  await worker.skipWaiting();
}

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("wangge-field ") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

function answerTo(request: Request): Promise<Response> | null {
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (request.mode === "navigate" && pathname === "/field/") return shell(request);
  const address = pathname + search;
  return FIELD.files.includes(address) ? kept(request, address) : null;
}

/** The page in the language it was last read in. */
async function shell(request: Request): Promise<Response> {
  const language = await (await caches.match("/field/language"))?.text();
  const address = FIELD.shells.find((one) => one.endsWith(`=${language}`)) ?? FIELD.shells[0];
  return kept(request, address);
}

async function kept(request: Request, address: string): Promise<Response> {
  const found = await (await caches.open(KEPT)).match(address);
  return found ?? fetch(request);
}
