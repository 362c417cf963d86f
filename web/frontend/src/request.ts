// One way to ask the server, one way to fail: every failure carries a sentence and what to do about it.
import { t } from "./words.ts";

export type Trouble = "offline" | "signed-out" | "refused" | "missing" | "broken";

/** A request that failed. `message` and `fix` may be shown to the reader as they are. */
export class RequestTrouble extends Error {
  readonly kind: Trouble;
  readonly fix: string;
  /** Of HTTP, 0 where there was no answer. */
  readonly status: number;

  constructor(kind: Trouble, message: string, fix: string, status = 0) {
    super(message);
    this.kind = kind;
    this.fix = fix;
    this.status = status;
  }
}

export function cookie(name: string): string {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Fetch JSON. Throws RequestTrouble; an aborted request throws the browser's AbortError. */
export async function askJson<T>(address: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(address, "application/json", signal);
  return (await response.json()) as T;
}

/** Post JSON and read the JSON that comes back. Throws RequestTrouble. */
export async function sendJson<T>(address: string, content: object, signal?: AbortSignal): Promise<T> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") };
  const sent = { method: "POST", body: JSON.stringify(content), headers };
  return (await (await ask(address, "application/json", signal, sent)).json()) as T;
}

/** Fetch a fragment of HTML, made by our own templates. Throws RequestTrouble. */
export async function askFragment(address: string, signal?: AbortSignal): Promise<string> {
  return (await ask(address, "*/*", signal)).text();
}

/** Fetch bytes. Throws RequestTrouble; an aborted request throws the browser's AbortError. */
export async function askBytes(address: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await ask(address, "*/*", signal)).arrayBuffer();
}

/** Post fields and read JSON. Throws RequestTrouble; an aborted request throws the browser's AbortError. */
export async function sendForm<T>(
  address: string,
  fields: Record<string, string> | URLSearchParams,
  signal?: AbortSignal,
): Promise<T> {
  const headers = { "X-CSRFToken": cookie("csrftoken") };
  const sent = { method: "POST", body: new URLSearchParams(fields), headers };
  return (await (await ask(address, "application/json", signal, sent)).json()) as T;
}

async function ask(address: string, accept: string, signal?: AbortSignal, sent: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    const headers = { ...sent.headers, Accept: accept, "HX-Request": "true" };
    response = await fetch(address, { ...sent, signal, headers });
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw troubleOfStatus(0);
  }
  if (response.redirected && new URL(response.url).pathname.startsWith("/sign-in"))
    throw troubleOfStatus(401);
  if (!response.ok) throw await troubleOf(response);
  return response;
}

async function troubleOf(response: Response): Promise<RequestTrouble> {
  const own = troubleOfStatus(response.status);
  const said = (await response.json().catch(() => null)) as { error?: string; fix?: string } | null;
  return new RequestTrouble(own.kind, said?.error ?? own.message, said?.fix ?? own.fix, response.status);
}

/** What a status means to the reader; 0 is no answer at all. */
export function troubleOfStatus(status: number): RequestTrouble {
  if (status === 0) return new RequestTrouble("offline", t("没有网络连接。"), t("检查网络后重试。"));
  if (status === 401) return new RequestTrouble("signed-out", t("登录已失效。"), t("请重新登录。"));
  if (status === 403) return new RequestTrouble("refused", t("您没有查看它的权限。"), t("请联系管理员。"));
  if (status === 404)
    return new RequestTrouble("missing", t("没有找到，或不在您的辖区内。"), t("请从地图重新选择。"));
  return new RequestTrouble("broken", t("服务器出错。"), t("请稍后重试。"));
}
