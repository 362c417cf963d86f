import { t } from "../words.ts";

/** How long ago, in words: 刚刚, 5 分钟前, 2 小时前, 3 天前. */
export function ageSaid(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return t("刚刚");
  if (minutes < 60) return t("{n} 分钟前", { n: minutes });
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? t("{n} 小时前", { n: hours }) : t("{n} 天前", { n: Math.floor(hours / 24) });
}
