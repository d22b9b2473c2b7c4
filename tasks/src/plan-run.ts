import { join } from 'node:path';
import { z } from 'zod';
import { ClickHouse } from './lib/clickhouse.ts';
import type { TaskCommand, TaskOutcome } from './lib/command.ts';
import { readConfig } from './lib/config.ts';
import { TopicReader } from './lib/kafka.ts';
import { readCoverage } from './lib/plan/coverage.ts';
import { readLakeFacts } from './lib/plan/lake-facts.ts';
import { findPlan, fromStretch, lastValidated, storePlan, toStretch, type Plan } from './lib/plan/plan.ts';
import { StretchBuilder, minutesIn, splitAt, union, type MinuteStretch } from './lib/plan/stretches.ts';
import { parseWindow, type Window } from './lib/plan/window.ts';
import { Trino } from './lib/trino.ts';

const given = z.object({ runId: z.string().min(1), start: z.string().optional(), end: z.string().optional() });

interface Sources {
  readonly trino: Trino;
  readonly clickhouse: ClickHouse;
  readonly root: string;
}

/** Fixes the input of a run of gold: the symbol-minutes to compute. A run that has a plan keeps it. */
export const planRun: TaskCommand = {
  name: 'plan-run',
  summary: 'fix which minutes a run of gold computes, by the lake or by a window',
  declare(command) {
    command
      .requiredOption('--run-id <id>', 'the run; its plan is stored under this id, and asked for again it is the same')
      .option('--start <time>', 'compute the minutes of this window whatever is new: ISO time, a whole minute')
      .option('--end <time>', 'end of the window, exclusive');
  },
  async run(options, { env, log, signal, root }) {
    const { runId, start, end } = given.parse(options);
    const window = parseWindow(start, end);
    const config = readConfig(env, [
      'RATEHOUSE_KAFKA_BROKERS',
      'RATEHOUSE_CLICKHOUSE_URL',
      'RATEHOUSE_CLICKHOUSE_USER',
      'RATEHOUSE_CLICKHOUSE_PASSWORD',
      'RATEHOUSE_TRINO_URL',
    ]);
    const trino = new Trino(config, signal);
    const clickhouse = new ClickHouse(config, signal);
    try {
      const stored = await findPlan(clickhouse, root, runId);
      if (stored !== undefined) {
        log.info(`Run ${runId} has a plan already.`);
        return outcome(stored);
      }
      const kafka = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, log, signal);
      try {
        const made = await makePlan(runId, window, { trino, clickhouse, root }, kafka);
        if (typeof made !== 'string') return outcome(await storePlan(clickhouse, root, made));
        log.info(made);
        return { result: { run_id: runId, minutes: 0, reason: made }, skip: true };
      } finally {
        await kafka.close();
      }
    } finally {
      await clickhouse.close();
    }
  },
};

/** A plan to be stored, or why there is none. */
async function makePlan(
  run_id: string,
  window: Window | undefined,
  sources: Sources,
  kafka: TopicReader,
): Promise<Omit<Plan, 'sequence'> | string> {
  const facts = await readLakeFacts(sources.trino, kafka, sources.root);
  if (facts === undefined || Object.keys(facts.offsets).length === 0) return 'lake.bronze.trades holds nothing yet.';
  const snapshot = BigInt(facts.snapshot);
  const last = await lastValidated(sources.clickhouse, sources.root);
  const coverage = await readCoverage(sources.trino, sources.root, last?.coverage ?? {});
  const minutes =
    window === undefined
      ? union(await touched(sources, snapshot, facts.offsets, last), coverage.minutes)
      : await within(sources, snapshot, window);
  const { planned, deferred } = splitAt(minutes, facts.horizon);
  if (planned.length === 0 || facts.horizon === undefined) {
    const waiting = minutesIn(deferred);
    return `Nothing to compute${waiting === 0 ? '' : `: ${waiting} minutes wait for the lake to be complete`}.`;
  }
  return {
    run_id,
    kind: window === undefined ? 'snapshots' : 'window',
    snapshot_id: facts.snapshot,
    offsets: facts.offsets,
    coverage: coverage.seen,
    horizon: new Date(facts.horizon).toISOString(),
    minutes: planned.map(toStretch),
    deferred: deferred.map(toStretch),
  };
}

/** The minutes of the stream's trades that came after the last validated run had looked, and those that it left above its horizon. */
async function touched(
  { trino, root }: Sources,
  snapshot: bigint,
  offsets: Plan['offsets'],
  last: Plan | undefined,
): Promise<readonly MinuteStretch[]> {
  const seen = last?.offsets ?? {};
  const found = await minutesOf(trino, join(root, 'trino', 'plan', 'touched_minutes.sql'), {
    snapshot,
    seen: JSON.stringify(seen),
    least_seen: Object.keys(offsets).reduce((least, partition) => Math.min(least, seen[partition] ?? -1), Infinity),
  });
  return union(found, (last?.deferred ?? []).map(fromStretch));
}

function within({ trino, root }: Sources, snapshot: bigint, { start, end }: Window): Promise<readonly MinuteStretch[]> {
  return minutesOf(trino, join(root, 'trino', 'plan', 'window_minutes.sql'), { snapshot, start, end });
}

async function minutesOf(
  trino: Trino,
  file: string,
  parameters: Parameters<Trino['queryFile']>[2],
): Promise<readonly MinuteStretch[]> {
  const stretches = new StretchBuilder();
  const row = z.object({ symbol: z.string(), start_seconds: z.int() });
  for await (const { symbol, start_seconds } of trino.queryFile(file, row, parameters))
    stretches.add(symbol, start_seconds * 1000);
  return stretches.build();
}

function outcome(plan: Plan): TaskOutcome {
  return {
    result: {
      run_id: plan.run_id,
      sequence: plan.sequence,
      kind: plan.kind,
      minutes: minutesIn(plan.minutes.map(fromStretch)),
      stretches: plan.minutes.length,
      deferred: minutesIn(plan.deferred.map(fromStretch)),
      horizon: plan.horizon,
      snapshot_id: plan.snapshot_id,
    },
  };
}
