import type { Json, TaskCommand, TaskContext, TaskOutcome } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { type Fault, readFaults } from './lib/replay/faults.ts';
import { Feed } from './lib/replay/feed.ts';
import { NowPlayer } from './lib/replay/now-player.ts';
import { type ReplayOptions, declareOptions, readOptions } from './lib/replay/options.ts';
import { play } from './lib/replay/player.ts';
import { readRecording } from './lib/replay/read-recording.ts';
import { RecordedPlayer } from './lib/replay/recorded-player.ts';
import type { Recording } from './lib/replay/recording.ts';
import { SentLog } from './lib/replay/sent-log.ts';
import { FeedServer } from './lib/replay/server.ts';
import { type ReplayIdentity, StateFile, resume } from './lib/replay/state.ts';

/** Serves recorded trades as a WebSocket feed in Finnhub's protocol, until it is stopped. */
export const replayFeed: TaskCommand = {
  name: 'replay-feed',
  summary: 'serve recorded trades as a WebSocket feed',
  declare: declareOptions,
  async run(given, context) {
    const options = readOptions(given);
    const { RATEHOUSE_FEED_TOKEN: token } = readConfig(context.env, ['RATEHOUSE_FEED_TOKEN']);
    const faults = options.faults === undefined ? [] : readFaults(options.faults);
    const { recording, reordered } = await readRecording(options.input, context.signal);
    if (reordered > 0)
      context.log.warn('The recording was not in the order of its times, and was sorted.', { reordered });
    const sentLog = new SentLog(options.sentLog);
    try {
      const feed = new Feed(options.symbol, sentLog, context.log, Date.now);
      for (const fault of faults) feed.arm(fault);
      return await serve(options, token, recording, feed, context);
    } finally {
      sentLog.close();
    }
  },
};

async function serve(
  options: ReplayOptions,
  token: string,
  recording: Recording,
  feed: Feed,
  { log, signal }: TaskContext,
): Promise<TaskOutcome> {
  const { align: mode, symbol, tradesPerFrame, speed } = options;
  const file = new StateFile(options.state);
  const state = resume(file.read(), identity(options, recording), Date.now());
  const setup = { recording, feed, state, file, speed, tradesPerFrame, clock: Date.now };
  const player = mode === 'now' ? new NowPlayer(setup) : new RecordedPlayer(setup);
  const health = (): Record<string, Json> => ({
    mode,
    symbol,
    speed: Number.isFinite(speed) ? speed : 'max',
    trades: recording.length,
    ...player.progress(),
    subscribers: feed.subscribers().length,
    connections: feed.listeners().length,
    stalled: (feed.stall?.until ?? 0) > Date.now(),
    faults: feed.faults.length,
  });
  const request = (fault: Fault): void => {
    feed.request(fault);
  };
  const server = new FeedServer(feed, player, log, { token, health, request });
  const port = await server.listen(options.port);
  log.info('The replay feed is listening.', {
    port,
    url: `ws://127.0.0.1:${port}`,
    mode,
    symbol,
    trades: recording.length,
  });
  const pings = setInterval(() => {
    feed.ping();
  }, options.pingEvery * 1000);
  try {
    await play(player, feed.wake, signal);
  } finally {
    clearInterval(pings);
    await server.close();
    player.save(false);
  }
  return { result: health() };
}

function identity({ align, symbol, speed }: ReplayOptions, recording: Recording): ReplayIdentity {
  const ends = { first: recording.time(0), last: recording.time(recording.length - 1) };
  return { mode: align, symbol, trades: recording.length, ...ends, speed: align === 'now' ? speed : null };
}
