import { faultsLane, FaultStack, TEST_TIMEOUT_MS } from '../../support/faults/fault-stack.ts';
import { closingPromises } from '../../support/faults/promises.ts';

const SPEED = 500;

/** Of each two, one needs the other, or both carry the same trade. */
const STREAM = [
  ['kafka', 'connect'],
  ['kafka', 'registry'],
  ['kafka', 'flink-taskmanager'],
  ['connect', 'clickhouse'],
  ['connect', 'replay-feed'],
  ['connect', 'registry'],
  ['flink-jobmanager', 'flink-taskmanager'],
  ['flink-jobmanager', 'flink-sql-gateway'],
  ['flink-jobmanager', 'keeper'],
] as const;

const LAKE = [
  ['connect', 'seaweedfs'],
  ['kafka', 'seaweedfs'],
  ['seaweedfs', 'trino'],
  ['clickhouse', 'trino'],
  ['airflow-scheduler', 'airflow-api-server'],
  ['airflow-dag-processor', 'airflow-triggerer'],
  ['airflow-scheduler', 'trino'],
] as const;

describe('two engines that are killed at once while 200,000 trades are played', function () {
  this.timeout(TEST_TIMEOUT_MS);
  const stack = new FaultStack({ speed: SPEED });
  before(() => stack.start());
  after(() => stack.remove('killed at once'));

  for (const pair of faultsLane() === 'both' ? [...STREAM, ...LAKE] : STREAM)
    it(`${pair.join(' and ')}: all of the stack works again by itself`, async () => {
      await stack.strike(pair.join(', '), () => stack.kill(...pair));
    });

  closingPromises(() => stack);
});
