// A case on paper, or as a PDF: every photo is there, and every page says which case it belongs to.

/** Photos that nobody scrolled to are fetched first: on paper nobody can wait for them. */
export async function printWhole(): Promise<void> {
  const photos = [...document.querySelectorAll<HTMLImageElement>(".photos img, .compared img")];
  for (const photo of photos) photo.loading = "eager";
  await Promise.allSettled(photos.map((photo) => photo.decode()));
  print();
}

/** What stands at the foot of every page (print.css); a number has no letter that a style could misread. */
export function nameOnPaper(number: string): void {
  if (/^[\w-]+$/.test(number)) document.documentElement.style.setProperty("--on-paper", `"${number}"`);
}
