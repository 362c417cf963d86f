// Theme and size of the text: chosen on this phone, remembered by it.
export const THEMES = ["auto", "light", "dark", "sun"] as const;
export type Theme = (typeof THEMES)[number];

export interface Look {
  readonly theme: Theme;
  readonly large: boolean;
}

const PLACE = "wangge-field-look";

export function readLook(): Look {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "{}") as Partial<Look>;
    return { theme: THEMES.find((one) => one === kept.theme) ?? "auto", large: kept.large === true };
  } catch {
    return { theme: "auto", large: false };
  }
}

export function wear({ theme, large }: Look): void {
  const { dataset } = document.documentElement;
  if (theme === "auto") delete dataset.theme;
  else dataset.theme = theme;
  if (large) dataset.size = "large";
  else delete dataset.size;
  document.dispatchEvent(new Event("wangge:theme"));
}

export function keepLook(look: Look): void {
  wear(look);
  try {
    localStorage.setItem(PLACE, JSON.stringify(look));
  } catch {
    // a browser that keeps nothing wears it until it is closed
  }
}
