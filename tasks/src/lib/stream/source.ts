import type { Kafka } from 'kafkajs';
import type { TaskContext } from '../command.ts';
import { Codec, contractText, type TopicName } from '../contracts.ts';
import { RatehouseError } from '../error.ts';
import { TopicReader } from '../kafka.ts';
import type { RegistryClient } from '../registry-client.ts';
import { bring, failFast, type Brought } from './bring.ts';
import type { ConnectClient, ConnectorConfig } from './connect.ts';
import { newestSymbols, SymbolsWatch, writeSymbols } from './symbols-topic.ts';
import { listedSymbols, symbolsChange, withSymbolsTopic, type Refusal } from './symbols.ts';

export interface SourceTools {
  readonly connect: ConnectClient;
  readonly kafka: Kafka;
  readonly brokers: readonly string[];
  readonly registry: RegistryClient;
}

export interface SourceWanted {
  readonly feed: string;
  /** The connector's configuration as the feed's file has it; its feed.symbols are the feed's own symbols. */
  readonly source: ConnectorConfig;
  /** Others, separated by commas. */
  readonly symbols: string | undefined;
}

export interface SourceBrought {
  readonly done: Brought;
  readonly symbols: {
    readonly wanted: readonly string[];
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly refused: readonly { symbols: readonly string[]; reason: string }[];
  };
}

const CONTRACT_OPTIONS: readonly (readonly [option: string, topic: TopicName])[] = [
  ['topic.trades.contract', 'trades'],
  ['topic.feed.events.contract', 'feed-events'],
  ['topic.dlq.contract', 'trades-dlq'],
];

/**
 * The contracts by which a source makes its records, for its configuration. Its converter writes them by the newest schema of the
 * registry, which it looks up once in its life: with a contract that has changed, the configuration changes, and both begin anew.
 */
export const sourceContracts = (root: string): ConnectorConfig =>
  Object.fromEntries(
    CONTRACT_OPTIONS.map(([option, topic]) => [option, JSON.stringify(JSON.parse(contractText(root, topic)))]),
  );

/**
 * Brings a feed's connector up with the wanted symbols, and waits until it has subscribed to them. A connector that runs gets
 * other symbols through their topic, and its task goes on.
 */
export async function bringSource(
  { connect, kafka, brokers, registry }: SourceTools,
  { feed, source, symbols }: SourceWanted,
  { log, signal, root }: TaskContext,
): Promise<SourceBrought> {
  const name = `trades-${feed}`;
  const wanted = listedSymbols(symbols ?? source['feed.symbols'] ?? '', symbols === undefined ? name : '--symbols');
  const reader = await TopicReader.connect(brokers, log, signal);
  try {
    const watch = await SymbolsWatch.fromNow(reader, new Codec(root, registry), feed);
    const former = await newestSymbols(reader, feed);
    const change = symbolsChange(former ?? [], wanted);
    if (change.added.length + change.removed.length > 0) {
      await writeSymbols(kafka, feed, wanted);
      log.info(`feed ${feed} is to have the symbols ${wanted.join(', ')}`);
    }
    const done = await bring(connect, name, withSymbolsTopic(source, brokers), { log, signal });
    // A connector that begins anew subscribes to everything; one that goes on, to what is new.
    const { added, removed } = done === 'unchanged' ? change : symbolsChange([], wanted);
    const refused =
      added.length + removed.length === 0
        ? []
        : await watch.taken({ added, removed }, { check: () => failFast(connect, name), signal });
    tell(refused, wanted, log);
    return { done, symbols: { wanted, added, removed, refused: refused.map((each) => ({ ...each })) } };
  } finally {
    await reader.close();
  }
}

/** @throws RATEHOUSE_REFUSED when the venue takes none of the symbols */
function tell(refused: readonly Refusal[], wanted: readonly string[], log: TaskContext['log']): void {
  for (const { symbols, reason } of refused) {
    log.warn(`the venue refused ${symbols.length === 0 ? 'a subscription' : symbols.join(', ')}: ${reason}`);
  }
  const named = new Set(refused.flatMap(({ symbols }) => symbols));
  if (wanted.every((symbol) => named.has(symbol))) {
    throw new RatehouseError(
      'RATEHOUSE_REFUSED',
      `The venue refused every symbol: ${refused.map(({ symbols, reason }) => `${symbols.join(', ')} (${reason})`).join('; ')}.`,
    );
  }
}
