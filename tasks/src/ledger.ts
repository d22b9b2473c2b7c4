import { z } from 'zod';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { Codec } from './lib/contracts.ts';
import { TopicReader } from './lib/kafka.ts';
import { writeMeasures } from './lib/ledger/measures.ts';
import { readLedger } from './lib/ledger/read.ts';
import { ledgerTable, problemText } from './lib/ledger/table.ts';
import { parseWindow } from './lib/plan/window.ts';
import { RegistryClient } from './lib/registry-client.ts';
import { Trino } from './lib/trino.ts';

const given = z.object({ start: z.string().optional(), end: z.string().optional() });

/** Proves that every trade received is in each stage once, and in its candles. Writes its numbers to gold.ledger, and nothing else. */
export const ledger: TaskCommand = {
  name: 'ledger',
  summary: 'Prove that every trade received is in Kafka and in the lake once, and in its candles.',
  declare(command) {
    command
      .option('--json', 'print the report as one line of JSON')
      .option(
        '--start <time>',
        'look at the minutes of this window alone: ISO time, a whole minute; identities are always looked at whole',
      )
      .option('--end <time>', 'end of the window, exclusive');
  },
  async run(options, { env, log, signal, root }) {
    const { start, end } = given.parse(options);
    const window = parseWindow(start, end);
    const config = readConfig(env, [
      'RATEHOUSE_KAFKA_BROKERS',
      'RATEHOUSE_REGISTRY_URL',
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
    ]);
    const codec = new Codec(root, new RegistryClient({ url: config.RATEHOUSE_REGISTRY_URL, signal }));
    const clickhouse = new ClickHouse(config, signal);
    // Where there is no Trino there is no batch lane: the ledger is that of the speed lane.
    const hasLake = env['RATEHOUSE_TRINO_URL'] !== undefined || env['RATEHOUSE_TRINO_URL_FILE'] !== undefined;
    const trino = hasLake ? new Trino(readConfig(env, ['RATEHOUSE_TRINO_URL']), signal) : undefined;
    const kafka = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, log, signal);
    try {
      const report = await readLedger({
        kafka,
        codec,
        clickhouse,
        root,
        log,
        ...(trino === undefined ? {} : { trino }),
        ...(window === undefined ? {} : { window }),
      });
      if (window === undefined)
        await writeMeasures(clickhouse, report, { run_id: '', looked_at: new Date().toISOString() });
      const [first] = report.problems;
      return {
        result: report,
        text: options['json'] === true ? JSON.stringify(report) : ledgerTable(report),
        ...(first === undefined
          ? {}
          : {
              failed: `The ledger does not balance: ${report.problem_count} problem(s), the first at stage ${problemText(first)}.`,
            }),
      };
    } finally {
      await kafka.close();
      await clickhouse.close();
    }
  },
};
