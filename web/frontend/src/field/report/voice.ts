// Speaking instead of typing, where the phone's browser offers it. What is said goes to the maker of the browser, not
// to us: the page says so before the first word.
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
}
interface Heard extends Event {
  readonly resultIndex: number;
  readonly results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}
type Maker = new () => Recognition;

function maker(): Maker | undefined {
  const scope = globalThis as { SpeechRecognition?: Maker; webkitSpeechRecognition?: Maker };
  return scope.SpeechRecognition ?? scope.webkitSpeechRecognition;
}

export function canListen(): boolean {
  return maker() !== undefined;
}

/** Listen until stopped or silent; `heard` gets each finished phrase. Returns how to stop. */
export function listen(heard: (words: string) => void, ended: (failed: boolean) => void): () => void {
  const Made = maker() as Maker;
  const recognition = new Made();
  let failed = false;
  Object.assign(recognition, { lang: "zh-CN", continuous: true, interimResults: false });
  recognition.addEventListener("result", (event) => {
    const { results, resultIndex } = event as Heard;
    for (let n = resultIndex; n < results.length; n++) if (results[n].isFinal) heard(results[n][0].transcript.trim());
  });
  recognition.addEventListener("error", () => (failed = true));
  recognition.addEventListener("end", () => ended(failed));
  recognition.start();
  return () => recognition.stop();
}
