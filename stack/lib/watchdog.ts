/** An engine as the watchdog is told of it. */
export interface Watched {
  readonly name: string;
  /** Engines that it needs. */
  readonly after: readonly string[];
  /** Its process; undefined while it has none. */
  readonly pid: number | undefined;
  /** Whether it answers as its users need it to. */
  readonly ready: boolean;
}

/**
 * Finds engines that hang: their process lives, and for as long as the patience lasts they have not answered, though all that
 * they need did. One that waits for another is not to blame. State only; the caller has the clock and ends the process.
 */
export class Watchdog {
  private readonly silent = new Map<string, { readonly pid: number; readonly since: number }>();

  constructor(private readonly patienceMs: number) {}

  /** Those to end now, each told once. @param now epoch ms */
  hung(engines: readonly Watched[], now: number): Watched[] {
    const ready = new Set(engines.filter((engine) => engine.ready).map(({ name }) => name));
    return engines.filter((engine) => {
      const { name, pid, after } = engine;
      const known = this.silent.get(name);
      if (pid === undefined || engine.ready || !after.every((needed) => ready.has(needed))) {
        this.silent.delete(name);
        return false;
      }
      const since = known?.pid === pid ? known.since : now;
      this.silent.set(name, { pid, since });
      if (now - since < this.patienceMs) return false;
      this.silent.delete(name);
      return true;
    });
  }
}
