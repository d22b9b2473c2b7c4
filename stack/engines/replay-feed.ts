import { join } from 'node:path';
import { answers, type Engine } from '../lib/engine.ts';
import { maven } from '../lib/package.ts';
import { writePrivate } from '../lib/stack.ts';
import { readStartOptions } from '../lib/start-options.ts';
import { taskEnvironment, tokenFile } from '../lib/task-environment.ts';

/** Recorded trades as a live feed, for those who have no token for a real one. */
export const replayFeed: Engine = {
  name: 'replay-feed',
  about: 'Recorded trades over WebSocket; a page of its health',
  after: [],
  packages: [maven('recording', ['org.ta4j:ta4j-examples:0.18'], { transitive: false, unpack: true })],
  prepare({ stack }) {
    writePrivate(tokenFile(stack, 'replay'), stack.credentials.replayToken);
  },
  process({ stack, installed }) {
    const { align, speed, input, 'trades-per-frame': perFrame, 'sent-log': sentLog } = readStartOptions(stack);
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
        `--trades-per-frame=${perFrame}`,
        `--state=${join(stack.dir('state'), 'replay-feed.json')}`,
        ...(sentLog === undefined ? [] : [`--sent-log=${sentLog}`]),
      ],
      env: { ...taskEnvironment(stack), RATEHOUSE_FEED_TOKEN_FILE: tokenFile(stack, 'replay') },
    };
  },
  ready: ({ stack }) => answers(`${stack.url('replay-feed')}/health`),
  address: (stack) => stack.url('replay-feed'),
};
