import { Partitioners } from 'kafkajs';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { Codec, TOPICS, type TopicName, type TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { TopicReader, kafkaClient } from '../../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import type { TestStack } from '../test-stack.ts';

const settings = (test: TestStack) => readConfig(test.taskEnv, ['RATEHOUSE_KAFKA_BROKERS', 'RATEHOUSE_REGISTRY_URL']);

const codecOf = (test: TestStack): Codec =>
  new Codec(test.stack.root, new RegistryClient({ url: settings(test).RATEHOUSE_REGISTRY_URL }));

/** Writes values to topics, as whoever has the right to could, all in one transaction. */
export async function append(
  test: TestStack,
  ...values: readonly { [T in TopicName]: readonly [T, TopicValues[T]] }[TopicName][]
): Promise<void> {
  const codec = codecOf(test);
  const producer = kafkaClient(settings(test).RATEHOUSE_KAFKA_BROKERS, jsonLog()).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    transactionalId: 'by-hand',
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  try {
    const transaction = await producer.transaction();
    for (const [topic, value] of values) {
      const key: unknown = Reflect.get(value, TOPICS[topic].key);
      const message = { key: String(key), value: await codec.encode(topic, value) };
      await transaction.send({ topic, messages: [message] });
    }
    await transaction.commit();
  } finally {
    await producer.disconnect();
  }
}

/** The committed values of a topic that a test wants, in its order. */
export async function valuesOf<T extends TopicName>(test: TestStack, topic: T): Promise<TopicValues[T][]> {
  const values = codecOf(test).reader(topic);
  const reader = await TopicReader.connect(settings(test).RATEHOUSE_KAFKA_BROKERS, jsonLog());
  const found: TopicValues[T][] = [];
  try {
    for await (const records of reader.read(topic, await reader.range(topic)))
      found.push(...(await values.readAll(records)));
    return found;
  } finally {
    await reader.close();
  }
}
