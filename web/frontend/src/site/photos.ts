// Photos chosen at a desk are made small before they are sent, as on a phone: a camera's file may be larger than taken.
import { NoPhoto, shrink } from "../field/report/shrinking.ts";
import { make } from "../ui/dom.ts";
import { t } from "../words.ts";

export function shrinkChosenPhotos(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-report-form]");
  const input = form?.querySelector<HTMLInputElement>("input[type=file]");
  if (!form || !input) return;
  const said = make("p", { class: "soft", role: "status" });
  const send = form.querySelector<HTMLButtonElement>("button.primary");
  const closed = send?.disabled ?? false; // no place is chosen
  input.after(said);
  input.addEventListener("change", async () => {
    said.textContent = t("正在处理照片…");
    if (send) send.disabled = true;
    said.textContent = await shrinkAll(input);
    if (send) send.disabled = closed;
  });
}

/** Put small ones in place of those chosen; what was wrong with the others, in words. */
async function shrinkAll(input: HTMLInputElement): Promise<string> {
  const [kept, wrong] = [new DataTransfer(), [] as string[]];
  for (const file of [...(input.files ?? [])])
    try {
      const { blob } = await shrink(file);
      kept.items.add(new File([blob], file.name, { type: blob.type }));
    } catch (error) {
      if (!(error instanceof NoPhoto)) throw error;
      wrong.push(error.message);
    }
  input.files = kept.files;
  return wrong.join(" ");
}
