/** One object of state and those who want to hear when a part of it changes. */
export class Store<State extends object> {
  private readonly listeners: { keys: (keyof State)[]; hear: (state: State) => void }[] = [];

  constructor(private state: State) {}

  get now(): Readonly<State> {
    return this.state;
  }

  set(change: Partial<State>): void {
    const changed = (Object.keys(change) as (keyof State)[]).filter((key) => change[key] !== this.state[key]);
    if (!changed.length) return;
    this.state = { ...this.state, ...change };
    for (const { keys, hear } of this.listeners)
      if (keys.some((key) => changed.includes(key))) hear(this.state);
  }

  on(keys: (keyof State)[], hear: (state: State) => void): void {
    this.listeners.push({ keys, hear });
  }
}
