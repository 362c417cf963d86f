/** Calls `act` at once, and then at most once in `ms` while it is wished for; a hidden page waits until it is seen. */
export function atMostEvery(ms: number, act: () => void): () => void {
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wished = false;

  function run(): void {
    timer = undefined;
    if (!wished || document.hidden) return;
    wished = false;
    last = performance.now();
    act();
  }

  document.addEventListener("visibilitychange", () => wished && timer === undefined && run());
  return () => {
    wished = true;
    timer ??= setTimeout(run, Math.max(0, last + ms - performance.now()));
  };
}
