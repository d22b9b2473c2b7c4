import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { answers, type Engine } from '../lib/engine.ts';
import { maven } from '../lib/package.ts';
import { writePrivate, type Stack } from '../lib/stack.ts';
import { taskEnvironment } from '../lib/task-environment.ts';

export const replayOptions = z.object({
  align: z.enum(['now', 'recorded']).default('now'),
  speed: z.string().default('1'),
  /** A CSV of time, price, amount; the recorded week when there is none. */
  input: z.string().optional(),
  tradesPerFrame: z.number().int().positive().default(20),
  sentLog: z.string().optional(),
});
export type ReplayOptions = z.infer<typeof replayOptions>;

const optionsFile = (stack: Stack): string => stack.file('etc', 'replay.json');

export function writeReplayOptions(stack: Stack, options: ReplayOptions): void {
  writePrivate(optionsFile(stack), JSON.stringify(options));
}

export function readReplayOptions(stack: Stack): ReplayOptions {
  return replayOptions.parse(existsSync(optionsFile(stack)) ? JSON.parse(readFileSync(optionsFile(stack), 'utf8')) : {});
}

/** Recorded trades as a live feed, for those who have no token for a real one. */
export const replayFeed: Engine = {
  name: 'replay-feed',
  about: 'Recorded trades over WebSocket; a page of its health',
  after: [],
  packages: [maven('recording', ['org.ta4j:ta4j-examples:0.18'], { transitive: false, unpack: true })],
  prepare({ stack }) {
    writePrivate(stack.file('secrets', 'replay.token'), stack.credentials.replayToken);
  },
  process({ stack, installed }) {
    const { align, speed, input, tradesPerFrame, sentLog } = readReplayOptions(stack);
    const recording = input ?? join(installed('recording'), 'bitstamp_trades_from_20131125_usd.csv');
    return {
      argv: [
        process.execPath,
        join(stack.root, 'tasks', 'dist', 'ratehouse.mjs'),
        'replay-feed',
        `--input=${recording}`,
        `--port=${stack.port('replay-feed')}`,
        `--align=${align}`,
        `--speed=${speed}`,
        `--trades-per-frame=${tradesPerFrame}`,
        `--state=${join(stack.dir('state'), 'replay-feed.json')}`,
        ...(sentLog === undefined ? [] : [`--sent-log=${sentLog}`]),
      ],
      env: taskEnvironment(stack),
    };
  },
  ready: ({ stack }) => answers(`${stack.url('replay-feed')}/health`),
  address: (stack) => stack.url('replay-feed'),
};
