import { ledger } from './ledger.ts';
import type { TaskCommand } from './lib/command.ts';
import { replayFeed } from './replay-feed.ts';
import { startStream } from './start-stream.ts';
import { syncFlink } from './sync-flink.ts';

/** Every command of the program. */
export const commands: readonly TaskCommand[] = [ledger, replayFeed, startStream, syncFlink];
