// The last resort: what waits as a file, photos included, for a phone that cannot send it any more.
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";
import type { App } from "./view.ts";

export async function exportItems(app: App): Promise<void> {
  if (!confirm(t("文件不加密，含有您写的全部内容，请妥善保管。继续吗？"))) return;
  const whole = [];
  for (const { uuid } of await app.outbox.list()) {
    const item = await app.outbox.get(uuid);
    if (!item) continue;
    const { kind, written, body, pictures } = item;
    whole.push({ uuid, kind, written: new Date(written).toISOString(), body, photos: await Promise.all(pictures.map(dataUrl)) });
  }
  const file = new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" });
  const link = make("a", { href: URL.createObjectURL(file), download: `wangge-${Date.now()}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function dataUrl(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(picture);
  });
}
