/** replay-feed as a process of its own, for tests that kill it: takes the command's flags. */
import { Command } from 'commander';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { replayFeed } from '../../../tasks/src/replay-feed.ts';

const command = new Command(replayFeed.name);
replayFeed.declare(command);
command.parse();

const stop = new AbortController();
process.once('SIGTERM', () => {
  stop.abort(new Error('Stopped by SIGTERM.'));
});
const context = { env: process.env, log: jsonLog(), signal: stop.signal, root: '.' };
const { result } = await replayFeed.run(command.opts(), context);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit();
