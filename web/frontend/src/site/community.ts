// The finder of one's community: the device's position, asked for by a button, sent once in a form and kept nowhere.
import { t } from "../words.ts";

export function findCommunityHere(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-here]");
  const button = form?.querySelector<HTMLButtonElement>("[data-here-ask]");
  const said = form?.querySelector<HTMLElement>("[data-here-said]");
  if (!form || !button || !said || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = t("正在定位…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        fill(form, "lat", coords.latitude);
        fill(form, "lon", coords.longitude);
        form.submit();
      },
      () => (said.textContent = t("无法定位。请输入名称，或从下面选择。")),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  });
}

function fill(form: HTMLFormElement, name: string, value: number): void {
  const field = form.querySelector<HTMLInputElement>(`input[name=${name}]`);
  if (field) field.value = value.toFixed(5);
}
