// Ordering a report and following it: what the server says of one, and the two requests there are.
import { askJson, sendForm } from "../request.ts";

export interface Report {
  uuid: string;
  title: string;
  kind: string;
  stage: "waiting" | "working" | "done" | "failed" | "cancelled" | "expired";
  stageName: string;
  percent: number;
  size: number;
  trouble: string;
  fix: string;
  urls: Record<"take" | "progress" | "cancel", string>;
}

export interface ReportSettings {
  url: string;
  kinds: { code: string; name: string; note: string; usual: boolean }[];
}

/** What is on the screen, as `layers.reports.view` reads it. */
export interface View {
  layer: string;
  indicator: string;
  days: number;
  categories: number[];
  majors: string[];
  change: "" | "difference" | "percent";
  area: string;
  box: number[] | null;
  breaks: number[];
  colours: string[];
  /** The filter as a query string; null leaves the incidents out. */
  incidents: string | null;
}

const WAIT_MS = 1000;

export const isAtWork = ({ stage }: Report): boolean => stage === "waiting" || stage === "working";

export function order(url: string, kind: string, view: View): Promise<Report> {
  return sendForm<Report>(url, { kind, view: JSON.stringify(view) });
}

export function cancel(report: Report): Promise<unknown> {
  return sendForm(report.urls.cancel, {});
}

/** Ask how far it is until it has ended; `tell` hears of every answer. */
export async function follow(report: Report, tell: (report: Report) => void, signal: AbortSignal): Promise<void> {
  for (let now = report; isAtWork(now) && !signal.aborted; tell(now)) {
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    now = await askJson<Report>(report.urls.progress, signal);
  }
}
