declare global {
  /** Django's JavaScriptCatalog, loaded before us. */
  function gettext(word: string): string;
}

/** The word in the reader's language; `{name}` is replaced by `values.name`. Chinese is the source language. */
export function t(word: string, values: Record<string, string | number> = {}): string {
  const said = typeof gettext === "function" ? gettext(word) : word;
  return said.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
