import type { Json } from '../command.ts';
import { substitute, type JobFile } from './job-file.ts';
import { jobName } from './plan.ts';

/** Where an image for the operator has what the jobs need. */
const FUNCTIONS = '/opt/ratehouse/flink-functions.jar';
const SCRIPTS = '/opt/ratehouse/sql';
/** Flink's own runner of SQL scripts; it finds the SQL gateway's jar in Flink's folder opt. */
const RUNNER = 'org.apache.flink.table.runtime.application.SqlDriver';

export interface OperatorOptions {
  /** Flink 2.2 with the connectors in lib, and the functions' jar at /opt/ratehouse/flink-functions.jar. */
  readonly image: string;
  readonly serviceAccount: string;
  /** Where checkpoints and savepoints go: a URI that all pods reach. */
  readonly state: string;
  readonly values: ReadonlyMap<string, string>;
}

/**
 * What the Flink Kubernetes operator runs a file's job from: a FlinkDeployment in application mode, and the ConfigMap with the SQL
 * that it mounts. The operator then does what sync-flink does on a session cluster: savepoint and go on when it changes, resume when
 * it is lost.
 */
export function customResources(job: JobFile, options: OperatorOptions): readonly Json[] {
  const { image, serviceAccount, state, values } = options;
  const name = jobName(job.name, 1);
  const all = new Map([...values, ['functions', FUNCTIONS], ['generation', '1']]);
  const script = job.statements.map(({ text }) => `${substitute(text, all, job.name)};\n`).join('\n');
  const sql = `${name}-sql`;
  const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'ratehouse' };
  const file = `${job.name}.sql`;
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: sql, labels },
      data: { [file]: script },
    },
    {
      apiVersion: 'flink.apache.org/v1beta1',
      kind: 'FlinkDeployment',
      metadata: { name, labels, annotations: { 'ratehouse.org/hash': job.hash } },
      spec: {
        image,
        flinkVersion: 'v2_2',
        serviceAccount,
        flinkConfiguration: { ...SETTINGS, ...places(state, name), 'pipeline.name': name },
        jobManager: { resource: { memory: '1024m', cpu: 0.5 } },
        taskManager: { resource: { memory: '2048m', cpu: 2 } },
        podTemplate: {
          spec: {
            containers: [{ name: 'flink-main-container', volumeMounts: [{ name: 'sql', mountPath: SCRIPTS }] }],
            volumes: [{ name: 'sql', configMap: { name: sql } }],
          },
        },
        job: {
          entryClass: RUNNER,
          args: ['--scriptUri', `file://${SCRIPTS}/${file}`],
          parallelism: 1,
          // All of a savepoint's state must find its place: what cannot go on is refused.
          allowNonRestoredState: false,
          upgradeMode: 'savepoint',
          state: 'running',
        },
      },
    },
  ];
}

/** As on the embedded stack; here the job manager is highly available, by Kubernetes' own leader election. */
const SETTINGS = {
  'taskmanager.numberOfTaskSlots': '2',
  'state.backend.type': 'hashmap',
  'execution.checkpointing.interval': '1s',
  'execution.checkpointing.mode': 'EXACTLY_ONCE',
  'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION',
  'execution.checkpointing.num-retained': '3',
  'execution.checkpointing.tolerable-failed-checkpoints': '100',
  'restart-strategy.type': 'exponential-delay',
  'table.local-time-zone': 'UTC',
  'high-availability.type': 'kubernetes',
};

const places = (state: string, name: string): Record<string, string> => ({
  'execution.checkpointing.dir': `${state}/${name}/checkpoints`,
  'execution.checkpointing.savepoint-dir': `${state}/${name}/savepoints`,
  'high-availability.storageDir': `${state}/${name}/ha`,
});
