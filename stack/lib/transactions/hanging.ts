import { join } from 'node:path';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import type { EngineContext } from '../engine.ts';
import { run } from '../run.ts';

/** A transaction that is open in a partition, and of which its coordinator knows nothing: nobody will end it. */
export interface HangingTransaction {
  readonly topic: string;
  readonly partition: number;
  readonly producerId: string;
  /** Where it begins: readers of committed records wait there. */
  readonly startOffset: number;
}

const COLUMNS = ['Topic', 'Partition', 'ProducerId', 'StartOffset'] as const;

/**
 * The transactions that Kafka's own tool found, from its table.
 * @throws RATEHOUSE_BAD_DATA when it is not the table of find-hanging
 */
export function readHanging(table: string): HangingTransaction[] {
  const lines = table.split('\n').map((line) => line.trim().split(/\s+/));
  const at = lines.findIndex((cells) => COLUMNS.every((name) => cells.includes(name)));
  const head = lines[at] ?? [];
  const rows = lines.slice(at + 1).filter(([first = '']) => first !== '');
  const [topic = -1, partition = -1, producer = -1, start = -1] = COLUMNS.map((name) => head.indexOf(name));
  if ([topic, partition, producer, start].includes(-1))
    throw new RatehouseError(
      'RATEHOUSE_BAD_DATA',
      `Wanted a table with the columns ${COLUMNS.join(', ')} of kafka-transactions find-hanging, found: ${table}`,
    );
  return rows.map((cells) => {
    const found = {
      topic: cells[topic] ?? '',
      partition: Number(cells[partition]),
      producerId: cells[producer] ?? '',
      startOffset: Number(cells[start]),
    };
    if (!Number.isSafeInteger(found.partition) || !Number.isSafeInteger(found.startOffset))
      throw new RatehouseError('RATEHOUSE_BAD_DATA', `Wanted a row of find-hanging, found: ${cells.join(' ')}`);
    return found;
  });
}

/**
 * Asks Kafka's tool for hanging transactions in a topic: it compares what is open in the partition for a minute with what the
 * coordinators say of its producer. A coordinator knows of a transaction before the partition does, and until the partition has
 * its end, so what it does not know of has no end to come.
 */
export async function findHanging(context: EngineContext, topic: string): Promise<HangingTransaction[]> {
  return readHanging(await transactions(context, 'find-hanging', '--topic', topic, '--max-transaction-timeout', '1'));
}

/** Aborts it, so that readers go on. Fails when no transaction that begins at its offset is open any more. */
export async function abortHanging(context: EngineContext, found: HangingTransaction): Promise<void> {
  const { topic, partition, startOffset } = found;
  const where = ['--topic', topic, '--partition', String(partition), '--start-offset', String(startOffset)];
  await transactions(context, 'abort', ...where);
}

/** kafka-transactions.sh, which is this and a shell. It takes a second, so it is asked only when something is stuck. */
function transactions({ stack, installed }: EngineContext, ...args: readonly string[]): Promise<string> {
  return run([
    join(stack.java17, 'bin', 'java'),
    '-Xmx64m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    `${installed('kafka')}/*`,
    'org.apache.kafka.tools.TransactionsCommand',
    '--bootstrap-server',
    stack.address('kafka'),
    ...args,
  ]);
}
