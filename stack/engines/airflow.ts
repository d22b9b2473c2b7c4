import { join } from 'node:path';
import { z } from 'zod';
import { answers, type Engine, type EngineContext } from '../lib/engine.ts';
import { airflowPackage } from '../lib/packages.ts';
import { writePrivate, type Stack } from '../lib/stack.ts';
import { taskEnvironment } from '../lib/task-environment.ts';

const passwordsFile = (stack: Stack): string => stack.file('secrets', 'airflow.passwords.json');

/** All of Airflow's configuration. Names: https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html */
function settings(stack: Stack): Record<string, string> {
  const home = stack.dir('data', 'airflow');
  const { airflowFernetKey, airflowJwtSecret, airflowSecretKey } = stack.credentials;
  return {
    AIRFLOW_HOME: home,
    AIRFLOW__CORE__DAGS_FOLDER: join(stack.root, 'dags'),
    AIRFLOW__CORE__PLUGINS_FOLDER: stack.dir('etc', 'airflow', 'no-plugins'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__EXECUTOR: 'LocalExecutor',
    AIRFLOW__CORE__PARALLELISM: '4',
    AIRFLOW__CORE__HOSTNAME_CALLABLE: 'loopback.hostname',
    AIRFLOW__CORE__FERNET_KEY: airflowFernetKey,
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${stack.url('airflow')}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: 'ratehouse:admin',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwordsFile(stack),
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `sqlite:///${join(home, 'airflow.db')}`,
    // The default starts the processes of the api-server and the scheduler with a check of seconds.
    AIRFLOW__DATABASE__CHECK_MIGRATIONS: 'False',
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__API__PORT: String(stack.port('airflow')),
    AIRFLOW__API__BASE_URL: stack.url('airflow'),
    AIRFLOW__API__SECRET_KEY: airflowSecretKey,
    AIRFLOW__API_AUTH__JWT_SECRET: airflowJwtSecret,
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(home, 'logs'),
    AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY: join(home, 'logs', 'dag_processor'),
    // The api-server serves these: see stack/airflow/plugins.
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(stack.port('airflow')),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(stack.port('airflow')),
    AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES: '1',
    AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL: '300',
    AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '30',
    AIRFLOW__DAG_PROCESSOR__STALE_DAG_THRESHOLD: '320',
    AIRFLOW__DAG_PROCESSOR__PRINT_STATS_INTERVAL: '0',
    // A task whose scheduler was killed is run again within a minute or two, not after five.
    AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: '30',
    AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT: '90',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    DO_NOT_TRACK: '1',
    PYTHONPATH: join(stack.root, 'stack', 'airflow'),
    // A process that sets its title keeps its environment, by which strays are known.
    SPT_NOENV: '1',
    // Threads of numeric libraries; nothing here computes.
    OMP_NUM_THREADS: '1',
  };
}

interface Component {
  /** Airflow's own name for it, as its command and in its health report. */
  readonly command: string;
  readonly health: 'scheduler' | 'dag_processor' | 'triggerer';
  readonly about: string;
  readonly argv?: readonly string[];
  readonly env?: (stack: Stack) => Record<string, string>;
}

const heartbeat = z.object({ status: z.string().nullable(), latest: z.string().nullish() });

/** Whether a component said within the last half minute that it is alive, by what the api-server knows. */
async function beats(stack: Stack, component: Component['health']): Promise<boolean> {
  const response = await fetch(`${stack.url('airflow')}/api/v2/monitor/health`, { signal: AbortSignal.timeout(5000) });
  const health = z.record(z.string(), z.unknown()).parse(await response.json());
  return heartbeat.parse(health[component]).status === 'healthy';
}

const command = ({ stack, installed }: EngineContext, name: string, ...argv: string[]): string[] => [
  join(installed('airflow'), 'bin', 'python'),
  join(stack.root, 'stack', 'airflow', 'start.py'),
  name,
  ...argv,
];

export const airflowApiServer: Engine = {
  name: 'airflow-api-server',
  about: 'Airflow: its pages and its REST API; user ratehouse',
  lane: 'batch',
  after: [],
  packages: [airflowPackage],
  prepare({ stack }) {
    stack.dir('data', 'airflow', 'logs');
    writePrivate(passwordsFile(stack), `${JSON.stringify({ ratehouse: stack.credentials.airflow })}\n`);
  },
  process: (context) => ({
    argv: command(context, 'api-server'),
    env: {
      ...settings(context.stack),
      AIRFLOW__CORE__PLUGINS_FOLDER: join(context.stack.root, 'stack', 'airflow', 'plugins'),
    },
    cwd: context.stack.dir('data', 'airflow'),
  }),
  ready: ({ stack }) => answers(`${stack.url('airflow')}/api/v2/version`),
  address: (stack) => stack.url('airflow'),
};

function component({ command: name, health, about, argv = [], env }: Component): Engine {
  return {
    name: `airflow-${name}`,
    about,
    lane: 'batch',
    after: ['airflow-api-server'],
    packages: [airflowPackage],
    process: (context) => ({
      argv: command(context, name, ...argv),
      env: { ...settings(context.stack), ...env?.(context.stack) },
      cwd: context.stack.dir('data', 'airflow'),
    }),
    ready: ({ stack }) => beats(stack, health),
    address: () => '-',
  };
}

export const airflowScheduler = component({
  command: 'scheduler',
  health: 'scheduler',
  about: 'Airflow: decides what runs, and runs it',
  argv: ['--skip-serve-logs'],
  // Tasks are processes below it and find the stack by their environment.
  env: (stack) => ({
    ...taskEnvironment(stack),
    RATEHOUSE_TASK_RUNNER: 'local',
    RATEHOUSE_NODE: process.execPath,
    RATEHOUSE_TASK_FOLDERS: stack.dir('run', 'tasks'),
  }),
});

export const airflowDagProcessor = component({
  command: 'dag-processor',
  health: 'dag_processor',
  about: 'Airflow: reads dags/',
  // A DAG file reads the same settings wherever it is read.
  env: (stack) => ({ RATEHOUSE_ROOT: stack.root, RATEHOUSE_TASK_RUNNER: 'local' }),
});

export const airflowTriggerer = component({
  command: 'triggerer',
  health: 'triggerer',
  about: 'Airflow: waits for what deferred tasks wait for',
  argv: ['--skip-serve-logs', '--capacity', '50'],
});
