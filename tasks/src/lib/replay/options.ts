import type { Command } from 'commander';
import { z } from 'zod';
import { RatehouseError } from '../error.ts';

const speed = z
  .union([z.literal('max'), z.coerce.number().positive()], 'a number above 0, or max')
  .transform((value) => (value === 'max' ? Infinity : value));

const schema = z
  .strictObject({
    input: z.string().min(1),
    symbol: z.string().min(1).default('BITSTAMP:BTCUSD'),
    port: z.coerce.number().int().min(0).max(65_535).default(0),
    speed: speed.default(1),
    align: z.enum(['recorded', 'now']).default('recorded'),
    state: z.string().min(1).optional(),
    tradesPerFrame: z.coerce.number().int().min(1).max(10_000).default(20),
    pingEvery: z.coerce.number().positive().max(86_400).default(10),
    faults: z.string().min(1).optional(),
    sentLog: z.string().min(1).optional(),
  })
  .refine((o) => o.align !== 'now' || Number.isFinite(o.speed), {
    path: ['speed'],
    message: 'max goes with --align recorded alone: a day that is played for ever has no fastest pace',
  });

/** The options of replay-feed, checked. A speed of max is Infinity. */
export type ReplayOptions = z.output<typeof schema>;

export function declareOptions(command: Command): void {
  command
    .requiredOption('--input <file>', 'CSV of time, price and amount, with or without a header')
    .option('--symbol <symbol>', 'the symbol these trades are of', 'BITSTAMP:BTCUSD')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one, which is logged', '0')
    .option('--speed <n>', 'recorded seconds to a second, or max', '1')
    .option(
      '--align <mode>',
      'recorded: the own times, once; now: the past ends now, and the last day plays for ever',
      'recorded',
    )
    .option('--state <file>', 'what to remember over a restart; without it every start begins anew')
    .option('--trades-per-frame <n>', 'the most trades in a frame', '20')
    .option('--ping-every <seconds>', 'seconds between pings', '10')
    .option('--faults <json>', 'faults to begin with: JSON, or a file of it, as POST /faults takes it')
    .option('--sent-log <file>', 'appends a line of JSON for each frame of trades sent');
}

/** Throws RATEHOUSE_USAGE naming each option that is wrong. */
export function readOptions(options: Readonly<Record<string, unknown>>): ReplayOptions {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const flag = (path: PropertyKey | undefined): string =>
    `--${String(path).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const wrong = parsed.error.issues.map((i) => `${flag(i.path[0])}: ${i.message}`).join('; ');
  throw new RatehouseError('RATEHOUSE_USAGE', `replay-feed cannot start with these options. ${wrong}.`);
}
