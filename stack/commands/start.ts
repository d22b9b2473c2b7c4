import { parseArgs } from 'node:util';
import { RatehouseError } from '../../tasks/src/lib/error.ts';
import { replayOptions, writeReplayOptions } from '../engines/replay-feed.ts';
import type { StackCommand, StackCommandContext } from '../lib/command.ts';
import { writeConnectSecrets } from '../lib/connect-secrets.ts';
import { install } from '../lib/install.ts';
import { engineContext, packages, startEngines, stopEngines, supervisorOf } from '../lib/lifecycle.ts';
import { startStream, whatWasMade } from '../lib/first-stream.ts';

const OPTIONS = {
  feed: { type: 'string', default: 'replay' },
  symbols: { type: 'string' },
  align: { type: 'string', default: 'now' },
  speed: { type: 'string', default: '1' },
  input: { type: 'string' },
  'trades-per-frame': { type: 'string', default: '20' },
  'sent-log': { type: 'string' },
  'engines-only': { type: 'boolean', default: false },
} as const;

function options(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    const known = Object.keys(OPTIONS).map((name) => `--${name}`);
    throw new RatehouseError('RATEHOUSE_USAGE', `npm start takes ${known.join(', ')}.`, { cause });
  }
}

/** Set-up, the stack, the stream. A second start changes nothing; a failed or interrupted one leaves no process behind. */
export const start: StackCommand = async (context) => {
  const { stack, say, args } = context;
  const chosen = options(args);
  const replay = replayOptions.parse({
    align: chosen.align,
    speed: chosen.speed,
    input: chosen.input,
    tradesPerFrame: Number(chosen['trades-per-frame']),
    sentLog: chosen['sent-log'],
  });
  const symbols = chosen.symbols?.split(',');
  say(`Ratehouse: packages are kept in ${stack.cache}, data in ${stack.home}.`);
  const engine = engineContext(stack, await install(packages(), context));
  const ranBefore = supervisorOf(engine).pid() !== undefined;
  if (!ranBefore) writeReplayOptions(stack, replay);
  try {
    writeConnectSecrets(stack, chosen.feed, process.env);
    if (!ranBefore) say('Starting the engines ...');
    const started = await startEngines(engine, context);
    if (started.length === 0) say('The stack is running already; nothing was started.');
    if (chosen['engines-only']) return 0;
    await startStream({ ...context, feed: chosen.feed, symbols });
    say(await whatWasMade(engine));
    return 0;
  } catch (error) {
    if (!ranBefore) await afterFailure(context, engine);
    throw error;
  }
};

async function afterFailure({ say }: StackCommandContext, engine: Parameters<typeof stopEngines>[0]): Promise<void> {
  say('Stopping what was started ...');
  await stopEngines(engine);
}
