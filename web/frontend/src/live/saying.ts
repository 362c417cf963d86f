// The live connection and its news in words.
import { t } from "../words.ts";
import type { Ended, LiveState } from "./feed.ts";
import type { LiveIncident } from "./news.ts";

/** The state in a few words for the button, and in a sentence with what to do about it. */
export function sayState(state: LiveState, language: string, incidents = true): { short: string; long: string } {
  const at = sayTime(state.since, language);
  switch (state.kind) {
    case "connecting":
      return { short: t("连接中"), long: t("正在连接实时更新。") };
    case "live":
      return { short: t("实时"), long: incidents ? t("实时更新：新上报和变化的事件会立即出现。") : t("实时更新：数字和边界的变化会立即出现。") };
    case "waiting":
      return navigator.onLine
        ? { short: t("自 {at} 起重连", { at }), long: t("自 {at} 起与服务器断开，正在重连；恢复后自动补上。", { at }) }
        : { short: t("自 {at} 起离线", { at }), long: t("自 {at} 起没有网络；恢复后自动补上。", { at }) };
    case "database":
      return { short: t("自 {at} 起等待数据库", { at }), long: t("自 {at} 起数据库没有响应；恢复后自动补上。", { at }) };
    case "asleep":
      return { short: t("已暂停"), long: t("页面不在前台，已暂停；回到页面即恢复。") };
    case "ended":
      return sayEnd(state.why);
  }
}

function sayEnd(why: Ended): { short: string; long: string } {
  if (why === "signed-out") return { short: t("已退出"), long: t("登录已失效，实时更新已停止。请重新登录。") };
  if (why === "password") return { short: t("已停止"), long: t("请先修改密码，再继续接收实时更新。") };
  if (why === "second-factor") return { short: t("已停止"), long: t("请先设置两步验证，再继续接收实时更新。") };
  return { short: t("已停止"), long: t("您目前没有任职辖区，实时更新已停止。请联系管理员。") };
}

export function sayTime(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** "刚刚", "3 分钟前", then the time of day. */
export function sayAgo(at: number, now: number, language: string): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t("刚刚");
  return minutes < 60 ? t("{n} 分钟前", { n: minutes }) : sayTime(at, language);
}

/** "新上报：井盖 · 幸福西街社区". `states` are the names of the states by code. */
export function sayIncident(incident: LiveIncident, states: Record<string, string>): string {
  const what = [incident.category, incident.community].filter(Boolean).join(" · ");
  if (incident.isNew) return t("新上报：{what}", { what });
  return t("变为{state}：{what}", { state: states[incident.state] ?? incident.state, what });
}
