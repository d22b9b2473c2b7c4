import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { TopicReader, kafkaClient } from '../../tasks/src/lib/kafka.ts';
import { jsonLog } from '../../tasks/src/lib/log.ts';
import { makeTopics } from '../../tasks/src/lib/stream/new-topics.ts';

/** What the ledger's reader promises, against the broker of a running stack, through topics of its own. */
export function readerPromises(env: () => NodeJS.ProcessEnv): void {
  const log = jsonLog(() => undefined);
  const topics: string[] = [];
  let brokers: readonly string[];
  let kafka: Kafka;
  let admin: Admin;
  let reader: TopicReader;

  before(async () => {
    brokers = readConfig(env(), ['RATEHOUSE_KAFKA_BROKERS']).RATEHOUSE_KAFKA_BROKERS;
    kafka = kafkaClient(brokers, log);
    admin = kafka.admin();
    await admin.connect();
    reader = await TopicReader.connect(brokers, log);
  });

  after(async () => {
    await reader.close();
    await admin.deleteTopics({ topics });
    await admin.disconnect();
  });

  async function newTopic(partitions = 1): Promise<string> {
    const topic = `test-ledger-reader-${randomUUID()}`;
    topics.push(topic);
    await makeTopics(admin, [{ topic, numPartitions: partitions, replicationFactor: 1 }]);
    return topic;
  }

  async function newProducer(): Promise<Producer> {
    const producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: randomUUID(),
      transactionTimeout: 30_000,
    });
    await producer.connect();
    return producer;
  }

  async function commit(producer: Producer, topic: string, ...values: readonly string[]): Promise<void> {
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });
    await transaction.commit();
  }

  async function readAll(
    topic: string,
    ranges?: Awaited<ReturnType<TopicReader['range']>>,
  ): Promise<{ values: string[]; undecided: number }> {
    const values: string[] = [];
    const batches = reader.read(topic, ranges ?? (await reader.range(topic)));
    for (;;) {
      const batch = await batches.next();
      if (batch.done === true) return { values, undecided: batch.value.undecided };
      values.push(...batch.value.map((r) => r.value?.toString() ?? ''));
    }
  }

  it('ends at once on a topic without records', async () => {
    const startedAt = Date.now();
    expect(await readAll(await newTopic(3))).to.deep.equal({ values: [], undecided: 0 });
    expect(Date.now() - startedAt).to.be.lessThan(5000);
  });

  it('ends on a topic whose last records are markers, and on one that holds nothing but an aborted transaction', async () => {
    const topic = await newTopic();
    const producer = await newProducer();
    await commit(producer, topic, 'a', 'b');
    await commit(producer, topic, 'c');
    const aborted = await newTopic();
    const transaction = await producer.transaction();
    await transaction.send({ topic: aborted, messages: [{ value: 'never' }] });
    await transaction.abort();
    await producer.disconnect();
    expect(await reader.range(topic)).to.deep.equal([{ partition: 0, from: 0, to: 5 }]);
    expect((await readAll(topic)).values).to.deep.equal(['a', 'b', 'c']);
    expect(await readAll(aborted)).to.deep.equal({ values: [], undecided: 0 });
  });

  it('does not let aborted records through where transactions overlap', async () => {
    const topic = await newTopic();
    const [p, q, r] = await Promise.all([newProducer(), newProducer(), newProducer()]);
    const [tp, tq, tr] = [await p.transaction(), await q.transaction(), await r.transaction()];
    const send = (t: typeof tp, value: string): Promise<unknown> => t.send({ topic, messages: [{ value }] });
    await send(tp, 'aborted p1');
    await send(tq, 'aborted q1');
    await send(tr, 'r1');
    await send(tp, 'aborted p2');
    await tq.abort();
    await send(tr, 'r2');
    await tr.commit();
    await send(tp, 'aborted p3');
    await tp.abort();
    await commit(q, topic, 'q2');
    await Promise.all([p.disconnect(), q.disconnect(), r.disconnect()]);
    expect((await readAll(topic)).values).to.deep.equal(['r1', 'r2', 'q2']);
  });

  it('waits for a transaction that is being committed across the end, and takes nothing above it', async () => {
    const topic = await newTopic();
    const [p, q] = await Promise.all([newProducer(), newProducer()]);
    const open = await p.transaction();
    await open.send({ topic, messages: [{ value: 'across' }] });
    const ranges = await reader.range(topic);
    const reading = readAll(topic, ranges);
    await delay(1000);
    await open.send({ topic, messages: [{ value: 'above' }] });
    await commit(q, topic, 'above too');
    await open.commit();
    expect(await reading).to.deep.equal({ values: ['across'], undecided: 0 });
    const [first] = ranges;
    const rest = (await reader.range(topic)).map((r) => ({ ...r, from: first?.to ?? 0 }));
    expect((await readAll(topic, rest)).values).to.have.members(['above', 'above too']);
    await Promise.all([p.disconnect(), q.disconnect()]);
  });

  it('reads what others committed behind a transaction that hangs, and says what is undecided', async () => {
    const topic = await newTopic();
    const [p, q] = await Promise.all([newProducer(), newProducer()]);
    const hanging = await p.transaction();
    await hanging.send({ topic, messages: [{ value: 'undecided' }] });
    await commit(q, topic, 'a', 'b');
    expect(await readAll(topic)).to.deep.equal({ values: ['a', 'b'], undecided: 1 });
    await hanging.abort();
    await Promise.all([p.disconnect(), q.disconnect()]);
  });

  it('reads every partition, and begins where retention has left the log', async () => {
    const topic = await newTopic(2);
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    const messages = ['0', '1', '2', '3', '4', '5'].map((value) => ({ value, partition: Number(value) % 2 }));
    await producer.send({ topic, messages });
    await producer.disconnect();
    const stale = await reader.range(topic);
    expect((await readAll(topic, stale)).values).to.have.members(['0', '1', '2', '3', '4', '5']);
    // Without it the admin client does not know the topic's leaders.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
    expect((await reader.range(topic))[0]).to.deep.equal({ partition: 0, from: 2, to: 3 });
    expect((await readAll(topic, stale)).values).to.have.members(['4', '1', '3', '5']);
  });

  it('leaves no consumer group behind', async () => {
    const topic = await newTopic();
    const groups = async (): Promise<readonly string[]> =>
      (await admin.listGroups()).groups.map((g) => g.groupId).sort();
    const earlier = await groups();
    await readAll(topic);
    expect(await groups()).to.deep.equal(earlier);
  });

  it('says within seconds that a topic or a broker is not there', async () => {
    const failure = async (promise: Promise<unknown>): Promise<unknown> =>
      promise.then(
        () => undefined,
        (e: unknown) => e,
      );
    const startedAt = Date.now();
    expect(await failure(reader.range(`test-none-${randomUUID()}`))).to.have.property('code', 'RATEHOUSE_REFUSED');
    expect(await failure(TopicReader.connect(['127.0.0.1:9'], log))).to.have.property('code', 'RATEHOUSE_UNREACHABLE');
    expect(Date.now() - startedAt).to.be.lessThan(10_000);
  });
}
