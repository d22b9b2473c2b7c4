import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { readConfig } from '../../tasks/src/lib/config.ts';
import { kafkaClient } from '../../tasks/src/lib/kafka.ts';
import { makeLakeTables } from '../../tasks/src/lib/lake/make-tables.ts';
import { jsonLog } from '../../tasks/src/lib/log.ts';
import { request } from '../../tasks/src/lib/http.ts';
import { Trino } from '../../tasks/src/lib/trino.ts';
import { waitFor } from '../../tasks/src/lib/wait.ts';
import type { TestStack } from './test-stack.ts';

type Field = Readonly<Record<string, unknown>>;
const schema = z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })) });

/** What start-stream does to tables that hold data already when a contract has changed, against the real catalog. */
export function lakeSchemaPromises(given: () => TestStack): void {
  let root: string;
  let trino: Trino;

  before(() => {
    const test = given();
    trino = new Trino(readConfig(test.taskEnv, ['RATEHOUSE_TRINO_URL']));
    root = mkdtempSync(join(tmpdir(), 'ratehouse-contracts-'));
    for (const folder of ['contracts', 'trino'])
      cpSync(join(test.stack.root, folder), join(root, folder), { recursive: true });
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  /** Brings the tables to contracts in which feed-events has other fields; tells what was done. */
  async function makeWith(change: (fields: Field[]) => Field[]): Promise<string[]> {
    const file = join(given().stack.root, 'contracts', 'feed-events.avsc');
    const { fields, ...record } = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    writeFileSync(join(root, 'contracts', 'feed-events.avsc'), JSON.stringify({ ...record, fields: change(fields) }));
    const done: string[] = [];
    const log = jsonLog((line) => done.push(z.object({ message: z.string() }).parse(JSON.parse(line)).message));
    await makeLakeTables(trino, { root, log });
    return done;
  }

  const neverAdded: Field = { name: 'test_never_added', type: ['null', 'long'], default: null };
  const newer: Field = { name: 'test_missing_id', type: ['null', 'long'], default: null };

  it('adds the column of a new optional field, once', async () => {
    expect(await makeWith((fields) => [...fields, newer])).to.deep.equal([
      'lake table bronze.feed_events: column test_missing_id added',
    ]);
    expect(await makeWith((fields) => [...fields, newer])).to.deep.equal([]);
  });

  it('keeps that column when a contract without it comes back', async () => {
    expect(await makeWith((fields) => fields)).to.deep.equal([]);
  });

  it('refuses any other change with what differs, and changes nothing', async () => {
    const wrong = makeWith((fields) => [
      ...fields.map((field) => (field['name'] === 'frames' ? { ...field, type: 'string' } : field)),
      { name: 'test_required', type: 'long' },
      neverAdded,
    ]);
    const message = await wrong.then(
      () => 'nothing',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );
    expect(message).to.include('bronze.feed_events, frames: bigint not null -> varchar not null');
    expect(message).to.include('bronze.feed_events, test_required: absent -> bigint not null');
    expect(await makeWith((fields) => [...fields, neverAdded])).to.deep.equal([
      'lake table bronze.feed_events: column test_never_added added',
    ]);
  });
}

/** What check-lake-sink finds when the sink of a running stack is broken as it breaks by itself. The stream has come to its end. */
export function lakeSinkPromises(given: () => TestStack): void {
  const named = z.object({
    checks: z.array(z.object({ name: z.string(), healthy: z.boolean(), message: z.string() })),
  });

  async function sick(...flags: string[]): Promise<string[]> {
    const { code, result } = await given().task('check-lake-sink', ...flags);
    const names = named.parse(result).checks.flatMap(({ name, healthy }) => (healthy ? [] : [name]));
    expect(code).to.equal(names.length === 0 ? 0 : 1);
    return names;
  }

  async function become(flags: readonly string[], wanted: readonly string[], what: string): Promise<void> {
    let found: string[] = [];
    await waitFor(
      async () => {
        found = await sick(...flags);
        return JSON.stringify(found) === JSON.stringify(wanted);
      },
      { what: `the sink's health to be ${what}`, timeoutMs: 180_000, intervalMs: 2000 },
    ).catch((error: unknown) => {
      throw new Error(`found ${found.join(', ') || 'no failure'}`, { cause: error });
    });
  }

  it('is well while it commits', async () => {
    await become([], [], 'good');
  });

  it('is told to be without a coordinator, behind, and without its control topic', async () => {
    const test = given();
    const connector = `${test.stack.url('connect')}/connectors/lake-bronze`;
    const { body } = await request(`${connector}/config`);
    const topic = z.looseObject({ 'iceberg.control.topic': z.string() }).parse(body)['iceberg.control.topic'];
    await request(`${connector}/stop`, { method: 'PUT' });
    // Counts of the feed go on every ten seconds.
    await become(['--late=5'], ['coordinator', 'commits'], 'bad');
    const admin = kafkaClient(
      [test.stack.address('kafka')],
      jsonLog(() => undefined),
    ).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    await become(['--late=5'], ['control_topic', 'coordinator', 'commits'], 'worse');
  });

  it('is well again after what the message says to do', async () => {
    const test = given();
    await request(`${test.stack.url('connect')}/connectors/lake-bronze/resume`, { method: 'PUT' });
    const { code, errors } = await test.task('start-stream', '--feed=replay');
    expect(code, errors.join(' ')).to.equal(0);
    await become(['--late=60'], [], 'good again');
  });
}
