import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { writePrivate, type Stack } from './stack.ts';

const FLAGS = {
  feed: { type: 'string' },
  lane: { type: 'string' },
  catalog: { type: 'string' },
  warehouse: { type: 'string' },
  region: { type: 'string' },
  without: { type: 'string' },
  symbols: { type: 'string' },
  align: { type: 'string' },
  speed: { type: 'string' },
  input: { type: 'string' },
  'trades-per-frame': { type: 'string' },
  'sent-log': { type: 'string' },
  'engines-only': { type: 'boolean' },
} as const;

/** What a stack was started with; a later start goes on with the same unless it says otherwise. */
const startOptions = z.object({
  feed: z
    .string()
    .regex(/^[\w-]+$/)
    .default('replay'),
  /** `speed`: without lake, Spark, Trino and Airflow, for a small machine. `source`: what the source alone needs. */
  lane: z.enum(['both', 'speed', 'source']).default('both'),
  catalog: z.enum(['rest', 'glue', 's3tables']).default('rest'),
  /** A lake on AWS: s3://bucket/path of Glue's tables, or the ARN of a table bucket. The embedded one when there is none. */
  warehouse: z.string().optional(),
  region: z.string().optional(),
  /** Engines to leave out, by the beginning of their names: airflow for all of Airflow. For stacks that are started with --engines-only. */
  without: z.string().optional(),
  symbols: z.string().optional(),
  align: z.enum(['now', 'recorded']).default('now'),
  speed: z.string().default('1'),
  /** A CSV of time, price, amount; the recorded week when there is none. */
  input: z.string().optional(),
  'trades-per-frame': z.coerce.number().int().positive().default(20),
  'sent-log': z.string().optional(),
});
export type StartOptions = z.infer<typeof startOptions>;
export type Lane = StartOptions['lane'];

const file = (stack: Stack): string => stack.file('etc', 'start.json');

export function readStartOptions(stack: Stack): StartOptions {
  return startOptions.parse(existsSync(file(stack)) ? JSON.parse(readFileSync(file(stack), 'utf8')) : {});
}

/** The options of this start: its flags, over those of the start before. */
export function mergeStartOptions(
  stack: Stack,
  args: readonly string[],
): { options: StartOptions; enginesOnly: boolean } {
  try {
    const { 'engines-only': enginesOnly, ...given } = parseArgs({
      args: [...args],
      options: FLAGS,
      strict: true,
    }).values;
    const options = startOptions.parse({ ...readStartOptions(stack), ...given });
    if (options.lane === 'source' && enginesOnly !== true) {
      throw new RatehouseError(
        'RATEHOUSE_USAGE',
        'The lane source has Kafka, registry and Connect alone, and so no stream: add --engines-only, or say --lane speed or both.',
      );
    }
    return { options, enginesOnly: enginesOnly ?? false };
  } catch (cause) {
    if (cause instanceof RatehouseError) throw cause;
    const known = Object.keys(FLAGS).map((name) => `--${name}`);
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : '';
    throw new RatehouseError('RATEHOUSE_USAGE', `npm start takes ${known.join(', ')} (after --). ${why}`, { cause });
  }
}

export function writeStartOptions(stack: Stack, options: StartOptions): void {
  writePrivate(file(stack), `${JSON.stringify(options, undefined, 2)}\n`);
}
