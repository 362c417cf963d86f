declare global {
  /** Django's JavaScriptCatalog, loaded before us. */
  function gettext(word: string): string;
}

/** The word in the reader's language; `{name}` is replaced by `values.name`. Chinese is the source language. */
export function t(word: string, values: Record<string, string | number> = {}): string {
  return filled(said(word), values);
}

/** The word in the reader's language, its `{names}` not yet filled in. */
export function said(word: string): string {
  return typeof gettext === "function" ? gettext(word) : word;
}

/** A text with its `{names}` filled in. */
export function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
