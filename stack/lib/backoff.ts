export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  /** How long a thing must have been well for the delays to begin anew. */
  readonly calmMs: number;
}

/** When to try again to mend something that keeps breaking: doubling delays, up to a limit. State only; the caller has the clock. */
export class Backoff {
  private delayMs: number;
  private notBefore = 0;
  private brokenAt: number | undefined;

  constructor(private readonly options: BackoffOptions) {
    this.delayMs = options.initialMs;
  }

  /** Whether now is the moment for an attempt, given whether it is broken now. */
  due(broken: boolean, now: number): boolean {
    if (!broken) {
      if (this.brokenAt !== undefined && now - this.brokenAt > this.options.calmMs)
        this.delayMs = this.options.initialMs;
      return false;
    }
    this.brokenAt = now;
    if (now < this.notBefore) return false;
    this.notBefore = now + this.delayMs;
    this.delayMs = Math.min(this.delayMs * 2, this.options.maxMs);
    return true;
  }
}
