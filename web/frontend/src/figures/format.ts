/** Figures as the reader's language writes them. */
export class NumberFormat {
  private readonly whole: Intl.NumberFormat;
  private readonly fine: Intl.NumberFormat;

  constructor(language: string) {
    const locale = language.startsWith("zh") ? "zh-CN" : language;
    this.whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  }

  /** No more than one decimal, and none from a hundred on. */
  say(value: number): string {
    return (Math.abs(value) >= 100 ? this.whole : this.fine).format(value);
  }

  /** "812–930", or "812" when both ends read the same. */
  range(from: number, to: number): string {
    const [low, high] = [this.say(from), this.say(to)];
    return low === high ? low : `${low}–${high}`;
  }

  withUnit(value: number, unit: string): string {
    return unit === "%" ? `${this.say(value)}%` : `${this.say(value)} ${unit}`.trim();
  }

  /** A change with its sign: "+3", "−12%", "0". */
  change(value: number, percent: boolean): string {
    const sign = value > 0 ? "+" : value < 0 ? "−" : "";
    return `${sign}${this.say(Math.abs(value))}${percent ? "%" : ""}`;
  }
}
