import { clickHouseSink } from './clickhouse-sink/index.ts';
import { ledger } from './ledger/index.ts';
import type { Bench } from './lib/bench.ts';
import { flink } from './flink/index.ts';
import { gold } from './gold/index.ts';
import { source } from './source/index.ts';

/** Every bench, by the name after npm run -s bench --. */
export const benches: Readonly<Record<string, Bench>> = {
  source,
  'clickhouse-sink': clickHouseSink,
  flink,
  ledger,
  gold,
};
