import { Kafka, logLevel } from 'kafkajs';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { Codec } from '../../../../tasks/src/lib/contracts.ts';
import { TopicReader } from '../../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../../tasks/src/lib/registry-client.ts';
import { Intake } from './intake.ts';
import { Writer } from './writer.ts';

/**
 * The least program that promises what the connector promises of trades: each is in the topic once, with its identity and exact
 * numbers, written with acks=all in a transaction that holds the position too. It reads ahead while a transaction is committed, and
 * stops reading when too much waits. What it lacks is the rest: gaps, refused trades, reconnecting, metrics.
 */
const settings = z
  .object({
    BRIDGE_ROOT: z.string(),
    BRIDGE_FEED_URL: z.string(),
    BRIDGE_SYMBOLS: z.string(),
    BRIDGE_KAFKA: z.string(),
    BRIDGE_REGISTRY_URL: z.string(),
    BRIDGE_POSITIONS: z.string(),
  })
  .parse(process.env);
const FEED = 'bench';
/** Trades that may wait while others are being written; then the socket is not read. */
const MOST_WAITING = 10_000;

function fail(error: unknown): never {
  process.stderr.write(
    `The bridge failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
}

/** Connection ids grow over restarts, and also when the clock went back. */
async function lastConnection(): Promise<number> {
  const reader = await TopicReader.connect([settings.BRIDGE_KAFKA], jsonLog());
  let last = 0;
  for await (const records of reader.read(settings.BRIDGE_POSITIONS, await reader.range(settings.BRIDGE_POSITIONS))) {
    for (const { value } of records)
      last = z.object({ connection_id: z.number() }).parse(JSON.parse(String(value))).connection_id;
  }
  await reader.close();
  return last;
}

async function main(): Promise<void> {
  const codec = new Codec(settings.BRIDGE_ROOT, new RegistryClient({ url: settings.BRIDGE_REGISTRY_URL }));
  const encode = await codec.encoder('trades');
  const kafka = new Kafka({ clientId: 'bridge', brokers: [settings.BRIDGE_KAFKA], logLevel: logLevel.NOTHING });
  let resume = (): void => undefined;
  const writer = new Writer(kafka, { trades: 'trades', positions: settings.BRIDGE_POSITIONS }, FEED, {
    taken: () => {
      resume();
    },
    failed: fail,
  });
  await writer.connect();
  const connectionId = Math.max(Date.now() * 1000, (await lastConnection()) + 1000);
  const intake = new Intake(FEED, connectionId, encode);

  const socket = new WebSocket(settings.BRIDGE_FEED_URL, { perMessageDeflate: false });
  resume = () => {
    if (socket.isPaused) socket.resume();
  };
  socket.on('open', () => {
    for (const symbol of settings.BRIDGE_SYMBOLS.split(',')) socket.send(JSON.stringify({ type: 'subscribe', symbol }));
  });
  socket.on('message', (data: Buffer) => {
    try {
      writer.add(intake.records(data.toString(), Date.now()), intake.position);
    } catch (error) {
      fail(error);
    }
    if (writer.queued >= MOST_WAITING) socket.pause();
  });
  socket.on('error', fail);
  socket.on('close', () => {
    void writer.close().then(() => process.exit(0), fail);
  });
  process.on('SIGTERM', () => {
    socket.close(1000);
  });
}

await main().catch(fail);
