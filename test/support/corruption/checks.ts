import { ClickHouse } from '../../../tasks/src/lib/clickhouse.ts';
import { readConfig } from '../../../tasks/src/lib/config.ts';
import { Codec } from '../../../tasks/src/lib/contracts.ts';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { TopicReader } from '../../../tasks/src/lib/kafka.ts';
import type { Log } from '../../../tasks/src/lib/log.ts';
import { currentSnapshot } from '../../../tasks/src/lib/plan/lake-facts.ts';
import { lastValidated, readPlan } from '../../../tasks/src/lib/plan/plan.ts';
import { RegistryClient } from '../../../tasks/src/lib/registry-client.ts';
import { Trino } from '../../../tasks/src/lib/trino.ts';
import { checks } from '../../../tasks/src/lib/validate/checks.ts';
import type { Finding } from '../../../tasks/src/lib/validate/finding.ts';
import { scopeOf } from '../../../tasks/src/lib/validate/scope.ts';
import type { TestStack } from '../test-stack.ts';

const silent = (): void => undefined;
const LOG: Log = { info: silent, warn: silent, error: silent };

/** One check of validate-gold over a run, without its other checks and without a verdict on the run. */
export async function runCheck(test: TestStack, runId: string, name: string): Promise<Finding> {
  const check = checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`validate-gold has no check ${name}`);
  const config = readConfig(test.taskEnv, [
    'RATEHOUSE_KAFKA_BROKERS',
    'RATEHOUSE_REGISTRY_URL',
    'RATEHOUSE_CLICKHOUSE_URL',
    'RATEHOUSE_CLICKHOUSE_USER',
    'RATEHOUSE_CLICKHOUSE_PASSWORD',
    'RATEHOUSE_TRINO_URL',
  ]);
  const { root } = test.stack;
  const trino = new Trino(config);
  const clickhouse = new ClickHouse(config);
  const kafka = await TopicReader.connect(config.RATEHOUSE_KAFKA_BROKERS, LOG);
  try {
    const scope = scopeOf(await readPlan(clickhouse, root, runId), await lastValidated(clickhouse, root));
    const snapshot = BigInt((await currentSnapshot(trino, root)) ?? 0);
    const codec = new Codec(root, new RegistryClient({ url: config.RATEHOUSE_REGISTRY_URL }));
    return await check.run({ trino, clickhouse, kafka, codec, root, log: LOG, scope, snapshot });
  } catch (error) {
    // As validate-gold takes it: a check that cannot be asked has failed.
    if (!(error instanceof RatehouseError)) throw error;
    return { rows_checked: 0, problem_count: 1, problems: [error.message] };
  } finally {
    await kafka.close();
    await clickhouse.close();
  }
}
