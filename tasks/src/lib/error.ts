/**
 * Every failure a person can see, by code:
 * - USAGE, CONFIG: the call or the environment is wrong (exit 2)
 * - PREREQUISITE: this machine lacks something the stack needs
 * - UNREACHABLE: a peer did not answer; TIMEOUT: it did, but a condition was not met before its deadline
 * - REFUSED: a peer answered with an error; BAD_DATA: what was read breaks its contract
 * - UNBALANCED: the ledger does not add up; CONFLICT: another process holds what this one needs
 * - CANCELLED: stopped by a signal
 */
export type ErrorCode =
  | 'RATEHOUSE_USAGE'
  | 'RATEHOUSE_CONFIG'
  | 'RATEHOUSE_PREREQUISITE'
  | 'RATEHOUSE_UNREACHABLE'
  | 'RATEHOUSE_TIMEOUT'
  | 'RATEHOUSE_REFUSED'
  | 'RATEHOUSE_BAD_DATA'
  | 'RATEHOUSE_UNBALANCED'
  | 'RATEHOUSE_CONFLICT'
  | 'RATEHOUSE_CANCELLED';

/** The one error class of this project. The message says what was wanted, what was found and what to do; never a secret. */
export class RatehouseError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RatehouseError';
    this.code = code;
  }
}

/** Exit codes of the task contract. */
export const EXIT = { done: 0, failed: 1, usage: 2, skip: 99 } as const;

export function exitCodeOf(error: unknown): number {
  return error instanceof RatehouseError && (error.code === 'RATEHOUSE_USAGE' || error.code === 'RATEHOUSE_CONFIG')
    ? EXIT.usage
    : EXIT.failed;
}

/** The message of anything thrown, with the messages of its causes: fetch, for one, hides the reason there. */
export function describe(error: unknown): string {
  const parts: string[] = [];
  for (let e: unknown = error; e !== undefined && e !== null && parts.length < 4;) {
    const text = e instanceof Error ? e.message || e.name : typeof e === 'string' ? e : JSON.stringify(e);
    if (text !== '' && !parts.includes(text)) parts.push(text);
    e = e instanceof Error ? e.cause : undefined;
  }
  return parts.join(': ');
}
