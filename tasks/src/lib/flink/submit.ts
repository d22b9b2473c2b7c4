import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RatehouseError } from '../error.ts';
import { PARAMETERS } from './cluster.ts';
import { GatewaySession, type StatementEnd } from './gateway.ts';
import { errorLine, substitute, type JobFile, type Statement } from './job-file.ts';
import { jobName } from './plan.ts';
import { topologyOf } from './topology.ts';

/** What jobs are submitted with. */
export interface Submission {
  /** Base URL of the SQL Gateway. */
  readonly gateway: string;
  /** By name, what stands for `${name}` in the files, but for the generation. */
  readonly values: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** The values that the files may use; there is no secret among them, for a job's SQL can be read on the cluster. */
export function fileValues(
  config: {
    readonly RATEHOUSE_KAFKA_BROKERS: readonly string[];
    readonly RATEHOUSE_REGISTRY_URL: string;
    readonly RATEHOUSE_FLINK_FUNCTIONS: string;
  },
  root: string,
): Map<string, string> {
  const folder = join(root, 'contracts');
  const contracts = readdirSync(folder)
    .filter((file) => file.endsWith('.avsc'))
    .map((file): [string, string] => [
      `contract:${file.slice(0, -'.avsc'.length)}`,
      JSON.stringify(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
    ]);
  return new Map([
    ['kafka', config.RATEHOUSE_KAFKA_BROKERS.join(',')],
    ['registry', `${config.RATEHOUSE_REGISTRY_URL}/apis/ccompat/v7`],
    ['functions', config.RATEHOUSE_FLINK_FUNCTIONS],
    ...contracts,
  ]);
}

/** The shape of the job that a file makes. Nothing is started. */
export async function explainTopology(job: JobFile, submission: Submission): Promise<string> {
  const { text } = await runFile(job, submission, 1, {}, (statement) =>
    statement.replace(/^EXECUTE\s+(?=STATEMENT)/i, '').replace(/^/, 'EXPLAIN JSON_EXECUTION_PLAN '),
  );
  return topologyOf(text);
}

/** Submits the job of a file; returns its id. @param from a savepoint or checkpoint, all of whose state must find its place */
export async function submit(
  job: JobFile,
  submission: Submission,
  given: { readonly generation: number; readonly topology: string; readonly from: string | undefined },
): Promise<string> {
  const { generation, topology, from } = given;
  const parameters = [
    [PARAMETERS.hash, job.hash],
    [PARAMETERS.topology, topology],
    [PARAMETERS.generation, String(generation)],
  ];
  const { jobId } = await runFile(job, submission, generation, {
    'pipeline.name': jobName(job.name, generation),
    'pipeline.global-job-parameters': parameters.map((pair) => pair.join(':')).join(','),
    ...(from === undefined ? {} : { 'execution.state-recovery.path': from }),
  });
  if (jobId === undefined)
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `Flink named no job for flink/${job.name}.sql.`);
  return jobId;
}

/** Runs a file's statements in a session of their own; the last one as `last` makes it. */
async function runFile(
  job: JobFile,
  { gateway, values, signal }: Submission,
  generation: number,
  settings: Readonly<Record<string, string>>,
  last: (statement: string) => string = (statement) => statement,
): Promise<StatementEnd> {
  const all = new Map([...values, ['generation', String(generation)]]);
  const session = await GatewaySession.open(gateway, settings, signal);
  try {
    let end: StatementEnd = { jobId: undefined, text: '' };
    for (const [index, statement] of job.statements.entries()) {
      const sql = substitute(statement.text, all, job.name);
      const where = place(job, statement);
      end = await session.run(index === job.statements.length - 1 ? last(sql) : sql, where);
    }
    return end;
  } finally {
    await session.close();
  }
}

const place =
  (job: JobFile, statement: Statement) =>
  (reasons: string): string =>
    `flink/${job.name}.sql:${errorLine(statement, reasons)}`;
