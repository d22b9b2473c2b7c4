import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import type { Log } from '../log.ts';

/** A line of the launcher on stdout. The last one is `done`, or of level error. */
const line = z
  .object({ level: z.enum(['info', 'warn', 'error']), message: z.string() })
  .catchall(z.union([z.string(), z.number(), z.boolean(), z.null()]));
type Line = z.output<typeof line>;

const changes = z.object({
  message: z.literal('done'),
  /** The last snapshot that the run committed; null when it had nothing to commit. */
  snapshot_id: z.string().nullable(),
  inserted: z.number().int(),
  updated: z.number().int(),
  deleted: z.number().int(),
});
export type SparkChanges = Omit<z.output<typeof changes>, 'message'>;

/** How the launcher's process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A frame of a stack trace; or pyspark's log of an error that the launcher says better. Either would push out what does help. */
const NOISE = /^\s*(at .*|\.\.\. \d+ more|\{.*"SQLQueryContextLogger".*)?$/;
const TAIL_LINES = 15;
const LINE_CHARACTERS = 300;

/** What a run of the launcher says: its progress goes to the log, the rest decides how the run ended. Does no I/O. */
export class SparkReport {
  private readonly log: Log;
  private readonly secrets: readonly string[];
  private readonly tail: string[] = [];
  private failure: Line | undefined;
  private found: SparkChanges | undefined;

  /** `secrets` are taken out of whatever an error's message repeats of Spark's log. */
  constructor(log: Log, secrets: readonly string[] = []) {
    this.log = log;
    this.secrets = secrets;
  }

  /** A line of stdout; one that is not the launcher's own counts as Spark's log. */
  output(text: string): void {
    const json = tryParse(text);
    const done = changes.safeParse(json);
    const parsed = line.safeParse(json);
    if (done.success) {
      const { snapshot_id, inserted, updated, deleted } = done.data;
      this.found = { snapshot_id, inserted, updated, deleted };
    } else if (!parsed.success) this.sparkLog(text);
    else if (parsed.data.level === 'error') this.failure = parsed.data;
    else {
      const { level, message, ...fields } = parsed.data;
      this.log[level](message, fields);
    }
  }

  /** A line of Spark's own log. */
  sparkLog(text: string): void {
    if (NOISE.test(text)) return;
    this.tail.push(text.slice(0, LINE_CHARACTERS));
    if (this.tail.length > TAIL_LINES) this.tail.shift();
  }

  /** The run's changes, or the error that says why there are none. */
  finish(job: string, { code, signal }: Ending): SparkChanges {
    if (code === 0 && this.found !== undefined) return this.found;
    const log = this.tail.length === 0 ? '' : `\nThe end of Spark's log:\n  ${this.tail.join('\n  ')}`;
    const how = signal === null ? `ended with code ${String(code)}` : `was killed by ${signal}`;
    const why = this.failure?.message ?? `the process ${how}, and gave no reason`;
    throw new RatehouseError(
      this.failure?.['conflict'] === true ? 'RATEHOUSE_CONFLICT' : 'RATEHOUSE_REFUSED',
      this.withoutSecrets(`Spark did not finish ${job}: ${why}${log}`),
    );
  }

  private withoutSecrets(text: string): string {
    return this.secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line of Spark's.
    return undefined;
  }
}
