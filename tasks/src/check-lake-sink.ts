import { z } from 'zod';
import type { TaskCommand } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { RatehouseError } from './lib/error.ts';
import { judgeSink } from './lib/health/judge.ts';
import { readSink } from './lib/health/read-sink.ts';
import { TopicReader, kafkaClient } from './lib/kafka.ts';
import { ConnectClient } from './lib/stream/connect.ts';
import { Trino } from './lib/trino.ts';

const CONNECTOR = 'lake-bronze';
const given = z.object({ late: z.coerce.number().positive() });

/** Looks for the failures in which the Iceberg sink says that it runs, and does not do its work. */
export const checkLakeSink: TaskCommand = {
  name: 'check-lake-sink',
  summary: 'tell whether the sink of the lake does its work, and what to do where it does not',
  declare(command) {
    command.option('--late <seconds>', 'a record may wait this long for its commit', '300');
  },
  async run(options, { env, log, signal, root }) {
    const parsed = given.safeParse(options);
    if (!parsed.success) throw new RatehouseError('RATEHOUSE_USAGE', '--late takes a number of seconds above 0.');
    const config = readConfig(env, ['RATEHOUSE_KAFKA_BROKERS', 'RATEHOUSE_CONNECT_URL', 'RATEHOUSE_TRINO_URL']);
    const reader = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, log, signal);
    try {
      const facts = await readSink(CONNECTOR, {
        connect: new ConnectClient(config.RATEHOUSE_CONNECT_URL, signal),
        kafka: kafkaClient(config.RATEHOUSE_KAFKA_BROKERS, log),
        reader,
        trino: new Trino(config, signal),
        root,
      });
      const checks = judgeSink(facts, parsed.data.late * 1000, Date.now());
      const sick = checks.filter(({ healthy }) => !healthy);
      for (const { message } of sick) log.error(message);
      return {
        result: { connector: CONNECTOR, healthy: sick.length === 0, checks },
        ...(sick.length === 0 ? {} : { failed: sick.map(({ message }) => message).join(' ') }),
      };
    } finally {
      await reader.close();
    }
  },
};
