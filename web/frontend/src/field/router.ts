// Which view an address means.

export interface Route {
  readonly name: string;
  readonly params: string[];
  readonly query: URLSearchParams;
}

/** `#building/12?door=7` → building, ["12"], door=7. A broken escape is taken as it stands. */
export function readHash(hash: string): Route {
  const [path, query = ""] = splitOnce(hash.replace(/^#\/?/, ""), "?");
  const [name, ...params] = path.split("/").filter(Boolean).map(unescaped);
  return { name: name ?? "", params, query: new URLSearchParams(query) };
}

function splitOnce(text: string, sign: string): [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
