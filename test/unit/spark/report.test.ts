import { expect } from 'chai';
import { RatehouseError } from '../../../tasks/src/lib/error.ts';
import { jsonLog } from '../../../tasks/src/lib/log.ts';
import { SparkReport } from '../../../tasks/src/lib/spark/report.ts';

const DONE = JSON.stringify({
  level: 'info',
  message: 'done',
  snapshot_id: '6452035338252484621',
  inserted: 3,
  updated: 2,
  deleted: 1,
});
const OK = { code: 0, signal: null };
const FAILED = { code: 1, signal: null };

/** A report that has read these lines of stdout and of Spark's log, and what it logged. */
function after(output: readonly string[], sparkLog: readonly string[] = []): { report: SparkReport; logged: string[] } {
  const logged: string[] = [];
  const report = new SparkReport(
    jsonLog((line) => logged.push(line)),
    ['s3cr3t'],
  );
  for (const line of output) report.output(line);
  for (const line of sparkLog) report.sparkLog(line);
  return { report, logged };
}

function failureOf(act: () => unknown): RatehouseError {
  try {
    act();
  } catch (error) {
    if (error instanceof RatehouseError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('the report of a Spark job', () => {
  it('gives the changes with a snapshot id of all its digits', () => {
    expect(after([DONE]).report.finish('j', OK)).to.deep.equal({
      snapshot_id: '6452035338252484621',
      inserted: 3,
      updated: 2,
      deleted: 1,
    });
  });

  it('passes progress on to the log, with its fields', () => {
    const { logged } = after(['{"level":"warn","message":"again","attempt":1}']);
    expect(JSON.parse(logged[0] ?? '')).to.include({ level: 'warn', message: 'again', attempt: 1 });
  });

  it('is no success without the launcher’s last word, even at exit 0', () => {
    const error = failureOf(() => after(['stray output of Spark']).report.finish('j', OK));
    expect(error.code).to.equal('RATEHOUSE_REFUSED');
    expect(error.message).to.include('ended with code 0').and.include('stray output of Spark');
  });

  it('says by which signal Spark was killed', () => {
    const error = failureOf(() => after([]).report.finish('candles_1m', { code: null, signal: 'SIGKILL' }));
    expect(error.message).to.match(/did not finish candles_1m: the process was killed by SIGKILL/);
  });

  it('names the root cause first, then the end of Spark’s log without frames of stack traces', () => {
    const log = ['WARN first', '\tat org.apache.spark.A.b(A.scala:1)', '\t... 12 more', 'Caused by: java.io.X: y'];
    const error = failureOf(() =>
      after(['{"level":"error","message":"java.io.X: y","conflict":false}'], log).report.finish('j', FAILED),
    );
    expect(error.message).to.equal(
      "Spark did not finish j: java.io.X: y\nThe end of Spark's log:\n  WARN first\n  Caused by: java.io.X: y",
    );
  });

  it('keeps the end of a long log, not its beginning', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i};`);
    const { message } = failureOf(() => after([], lines).report.finish('j', FAILED));
    expect(message).to.include('line 99;').and.not.include('line 50;');
  });

  it('tells a lost race for the table from a refusal, so that a person knows to try again', () => {
    const { report } = after(['{"level":"error","message":"Found conflicting files","conflict":true}']);
    expect(failureOf(() => report.finish('j', FAILED)).code).to.equal('RATEHOUSE_CONFLICT');
  });

  it('repeats no secret that stood in Spark’s log', () => {
    const { message } = failureOf(() => after([], ['secret key s3cr3t is wrong']).report.finish('j', FAILED));
    expect(message).to.include('secret key *** is wrong').and.not.include('s3cr3t');
  });
});
