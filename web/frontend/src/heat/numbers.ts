/** Densities run over many magnitudes: three figures that count, whichever they are. */
export function sayDensity(value: number, language: string): string {
  if (!(value > 0)) return "0";
  const locale = language.startsWith("zh") ? "zh-CN" : language;
  if (value < 0.0005) return `<${new Intl.NumberFormat(locale, { maximumFractionDigits: 4 }).format(0.0005)}`;
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: value >= 1000 ? 4 : 3 }).format(value);
}
