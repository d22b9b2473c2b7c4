import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { differing, failureOf, fillIn, runs } from '../../../tasks/src/lib/stream/connect.ts';
import { contractText } from '../../../tasks/src/lib/contracts.ts';
import { sourceContracts } from '../../../tasks/src/lib/stream/source.ts';
import { makeTopics } from '../../../tasks/src/lib/stream/new-topics.ts';
import { missingTopics } from '../../../tasks/src/lib/stream/topics.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');
const folder = join(root, 'connectors', 'config');

describe('a connector configuration', () => {
  it('takes settings in, and leaves to the config provider what only that may resolve', () => {
    const text = '{"url": "${URL}", "password": "${file:${SECRETS}:clickhouse.password}"}';
    const values = new Map([
      ['URL', 'http://127.0.0.1:1'],
      ['SECRETS', '/run/s.properties'],
    ]);
    expect(fillIn('x.json', text, values)).to.deep.equal({
      url: 'http://127.0.0.1:1',
      password: '${file:/run/s.properties:clickhouse.password}',
    });
  });

  it('is refused when it names a setting that does not exist', () => {
    expect(() => fillIn('x.json', '{"url": "${NOPE}"}', new Map())).to.throw(/x\.json uses \$\{NOPE\}/);
  });

  it('differs by the options that were added, removed or changed', () => {
    expect(differing({ name: 'n', a: '1', b: '2', c: '3' }, { a: '1', b: '4', d: '5' })).to.deep.equal(['b', 'c', 'd']);
    expect(differing({ name: 'n', a: '1' }, { a: '1' })).to.deep.equal([]);
  });

  for (const file of readdirSync(folder)) {
    it(`${file} holds no secret of its own`, () => {
      const config = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
      for (const [name, value] of Object.entries(config)) {
        if (/token|password|secret/.test(name)) expect(value, name).to.match(/^\$\{file:.*\}$/);
      }
    });
  }
});

describe('a connector', () => {
  const task = (state: string, trace?: string): { id: number; state: string; trace?: string } => ({
    id: 0,
    state,
    ...(trace === undefined ? {} : { trace }),
  });

  it('runs only when it and all its tasks do', () => {
    expect(runs({ connector: { state: 'RUNNING' }, tasks: [task('RUNNING')] })).to.equal(true);
    expect(runs({ connector: { state: 'RUNNING' }, tasks: [] })).to.equal(false);
    expect(runs({ connector: { state: 'RUNNING' }, tasks: [task('RUNNING'), task('FAILED')] })).to.equal(false);
  });

  it('tells why it failed by the first lines of the trace', () => {
    const status = { connector: { state: 'RUNNING' }, tasks: [task('FAILED', 'a\nb\nc\nd')] };
    expect(failureOf(status)).to.equal('a b c');
    expect(failureOf({ connector: { state: 'RUNNING' }, tasks: [task('RUNNING')] })).to.equal(undefined);
  });
});

describe('topics', () => {
  it('are missing when the cluster does not list them', () => {
    expect(missingTopics(['trades', 'feed-events', 'other'])).to.deep.equal([
      'trades-history',
      'coverage',
      'trades-dlq',
      'candles-1m',
      'moving-averages',
      'live-macd',
    ]);
  });

  it('are made once a broker knows them all, and each partition has its leader', async () => {
    const partition = (leader: number) => ({ partitionErrorCode: 0, partitionId: 0, leader, replicas: [0], isr: [0] });
    const answers = [
      () => {
        throw new Error('This server does not host this topic-partition');
      },
      () => ({ topics: [{ name: 'a', partitions: [partition(0)] }] }),
      () => ({ topics: ['a', 'b'].map((name) => ({ name, partitions: [partition(name === 'a' ? 0 : -1)] })) }),
      () => ({ topics: ['a', 'b'].map((name) => ({ name, partitions: [partition(0)] })) }),
    ];
    await makeTopics(
      {
        createTopics: () => Promise.resolve(true),
        fetchTopicMetadata: () => Promise.resolve().then(() => answers.shift()?.() ?? { topics: [] }),
      },
      [{ topic: 'a' }, { topic: 'b' }],
    );
    expect(answers).to.deep.equal([]);
  });
});

describe('a source', () => {
  it('is given the very text that is registered for each of its topics, so that a changed contract changes its configuration', () => {
    const given = sourceContracts(root);
    expect(Object.keys(given)).to.have.length(3);
    for (const [option, topic] of [
      ['topic.trades.contract', 'trades'],
      ['topic.feed.events.contract', 'feed-events'],
      ['topic.dlq.contract', 'trades-dlq'],
    ] as const)
      expect(given[option]).to.equal(JSON.stringify(JSON.parse(contractText(root, topic))));
  });
});
