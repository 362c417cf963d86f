// How life events are said.
import { t } from "../../words.ts";
import type { Kind } from "./form.ts";

export const KIND: Record<Kind, string> = {
  moved: t("搬家（在辖区内）"),
  left: t("迁离辖区"),
  died: t("去世"),
  born: t("生育（登记新生儿）"),
  split: t("分户"),
  joined: t("并入同一户的另一家庭"),
  head: t("改为户主"),
  type: t("变更人口类型"),
  named: t("更名"),
};
export const FAR: Record<string, string> = {
  "": t("请选择"),
  area: t("本区其他街道或社区"),
  away: t("外地"),
  abroad: t("境外"),
  unknown: t("去向不明"),
};
