// Words of the workspace. They speak of cells; in a plan of communities or of streets they speak of those.
import { filled, said } from "../words.ts";

const TERMS: Record<string, { zh: string; one: string; many: string }> = {
  communities: { zh: "社区", one: "community", many: "communities" },
  streets: { zh: "街道", one: "street", many: "streets" },
};
let term: (typeof TERMS)[string] | undefined;

/** From now on say what the cells of this kind of plan ("cells", "communities", "streets") are. */
export function speakOf(kind: string): void {
  term = TERMS[kind];
}

/** As `t` of every page. Names that are filled in stay as they are. */
export function t(word: string, values: Record<string, string | number> = {}): string {
  return filled(named(said(word)), values);
}

function named(text: string): string {
  if (!term) return text;
  const { zh, one, many } = term;
  const like = (as: string, to: string): string => (as[0] === as[0].toUpperCase() ? to[0].toUpperCase() + to.slice(1) : to);
  return text.replaceAll("网格", zh).replace(/(?<!\{)\bcell(s?)\b/gi, (found, plural) => like(found, plural ? many : one));
}
