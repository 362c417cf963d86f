/** Post fields; null where no answer came, for nothing here is needed in order to report. */
export async function askWithForm(address: string, fields: URLSearchParams, signal?: AbortSignal): Promise<Response | null> {
  try {
    const answer = await fetch(address, { method: "POST", body: fields, signal, credentials: "omit", headers: { Accept: "*/*" } });
    return answer.ok ? answer : null;
  } catch {
    return null;
  }
}
