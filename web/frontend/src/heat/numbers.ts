// Numbers as the reader's language writes them. A formatter takes a good part of a frame to make, so each is made once.

const made = new Map<string, Intl.NumberFormat>();

function formatOf(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  let format = made.get(key);
  if (!format) made.set(key, (format = new Intl.NumberFormat(language.startsWith("zh") ? "zh-CN" : language, options)));
  return format;
}

/** Densities run over many magnitudes: three figures that count, whichever they are. */
export function sayDensity(value: number, language: string): string {
  if (!(value > 0)) return "0";
  if (value < 0.0005) return `<${formatOf(language, { maximumFractionDigits: 4 }).format(0.0005)}`;
  return formatOf(language, { maximumSignificantDigits: value >= 1000 ? 4 : 3 }).format(value);
}

export function sayCount(value: number, language: string): string {
  return formatOf(language, {}).format(value);
}
