import { Codec, TOPIC_NAMES } from '../../../tasks/src/lib/contracts.ts';
import { kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { registerContracts } from '../../../tasks/src/lib/registry.ts';
import { createTopics } from '../../../tasks/src/lib/stream/topics.ts';
import type { BenchContext } from '../lib/bench.ts';
import { CommittedTopic } from '../lib/committed.ts';
import type { BenchEngines } from '../lib/engines.ts';
import { bridge, POSITIONS } from './bridge.ts';
import { connector } from './connector.ts';
import { Feed } from './feed.ts';
import type { Subject } from './subject.ts';

/** What every measurement of the source uses. */
export interface SourceBench {
  readonly feed: Feed;
  readonly topic: CommittedTopic;
  readonly codec: Codec;
  readonly connector: Subject;
  readonly bridge: Subject;
  /** The JDK that runs the connector's worker. */
  readonly java: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Makes the topics and registers the contracts as start-stream does, and starts the feed; ends the feed whatever comes. */
export async function withBench(
  engines: BenchEngines,
  { signal, say }: BenchContext,
  use: (bench: SourceBench) => Promise<void>,
): Promise<void> {
  const { stack } = engines;
  const registry = new RegistryClient({ url: stack.url('registry'), signal });
  await registerContracts(registry, stack.root);
  const admin = kafkaClient([stack.address('kafka')], jsonLog()).admin();
  await admin.connect();
  await createTopics(admin, TOPIC_NAMES, 1);
  await admin.createTopics({
    waitForLeaders: true,
    topics: [{ topic: POSITIONS, configEntries: [{ name: 'cleanup.policy', value: 'compact' }] }],
  });
  await admin.disconnect();
  const topic = await CommittedTopic.connect(stack.address('kafka'), 'trades');
  const feed = await Feed.start(signal);
  try {
    await use({
      feed,
      topic,
      codec: new Codec(stack.root, registry),
      connector: connector(engines, signal),
      bridge: bridge(engines),
      java: stack.java17,
      signal,
      say,
    });
  } finally {
    feed.close();
    await topic.close();
  }
}
