import { checkLakeSink } from './check-lake-sink.ts';
import { ledger } from './ledger.ts';
import type { TaskCommand } from './lib/command.ts';
import { maintainLake } from './maintain-lake.ts';
import { planRun } from './plan-run.ts';
import { replayFeed } from './replay-feed.ts';
import { runDbt } from './run-dbt.ts';
import { runSparkSql } from './run-spark-sql.ts';
import { startStream } from './start-stream.ts';
import { syncFlink } from './sync-flink.ts';
import { validateGold } from './validate-gold.ts';
import { waitForCandles } from './wait-for-candles.ts';

/** Every command of the program. */
export const commands: readonly TaskCommand[] = [
  checkLakeSink,
  ledger,
  maintainLake,
  planRun,
  replayFeed,
  runDbt,
  runSparkSql,
  startStream,
  syncFlink,
  validateGold,
  waitForCandles,
];
