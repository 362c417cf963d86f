// The page itself on the phone: the service worker, the language it keeps the page in, and asking not to be cleared.
import { cookie } from "../request.ts";

const LANGUAGES = "wangge-field-language"; // a cache of its own: a service worker reads no cookie

/** Let the service worker keep the page. Without one (plain http, a private window) it is a plain page. */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  await keepLanguage();
  await navigator.serviceWorker.register("/field/sw.js", { updateViaCache: "none" });
}

/** Keep the page in this language; after it was changed on another page this one is asked for anew, once. */
async function keepLanguage(): Promise<void> {
  const shown = document.documentElement.lang.toLowerCase().startsWith("zh") ? "zh-hans" : "en";
  const wanted = cookie("django_language") || shown;
  const cache = await caches.open(LANGUAGES);
  await cache.put("/field/language", new Response(wanted));
  const turned = sessionStorage.getItem(LANGUAGES) === wanted;
  sessionStorage.setItem(LANGUAGES, wanted);
  if (wanted !== shown && !turned) location.reload();
}

/** Ask the browser not to clear our store when space is short; asked when there is something to lose. */
export function askToKeep(): void {
  void navigator.storage?.persist?.().catch(() => false);
}

/** Let the browser send what waits when there is signal again, even with the page closed. Chromium only. */
export async function askToSend(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/field/");
  await (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync?.register("outbox");
}
