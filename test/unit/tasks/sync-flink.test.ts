import { expect } from 'chai';
import { causesOf, rootCause } from '../../../tasks/src/lib/flink/gateway.ts';
import { hasCaughtUp } from '../../../tasks/src/lib/flink/catch-up.ts';
import { errorLine, readJob, sourceTopics, substitute } from '../../../tasks/src/lib/flink/job-file.ts';
import { splitStatements, withoutComments } from '../../../tasks/src/lib/sql.ts';
import { isOf, jobName, needsTopology, planJob } from '../../../tasks/src/lib/flink/plan.ts';
import { newestState } from '../../../tasks/src/lib/flink/state-files.ts';
import { topologyOf } from '../../../tasks/src/lib/flink/topology.ts';

describe('a job file', () => {
  it('is split into its statements, with a statement set as one', () => {
    const sql = `-- a comment; with a semicolon
      CREATE TABLE a (x STRING) WITH ('k' = 'v;1', 'q' = 'it''s');
      EXECUTE STATEMENT SET BEGIN
      INSERT INTO a SELECT CASE WHEN x > 0 THEN 1 END FROM b;
      INSERT INTO c SELECT \`a;b\` FROM d;
      END;`;
    const statements = splitStatements(sql).map(withoutComments);
    expect(statements).to.have.length(2);
    expect(statements[0]).to.include("'v;1'").and.include("'it''s'");
    expect(statements[1]).to.match(/^EXECUTE STATEMENT SET BEGIN[\s\S]*END$/);
  });

  it('has the same hash after a change of comments and white space, and another after a change of SQL or of a function', () => {
    const hash = (sql: string, functions = 'jar'): string => readJob('j', sql, functions).hash;
    const sql = 'INSERT INTO a SELECT x FROM b';
    expect(hash(`-- new words\n\nINSERT INTO a\n  SELECT x FROM b;`)).to.equal(hash(sql));
    expect(hash('INSERT INTO a SELECT y FROM b')).not.to.equal(hash(sql));
    expect(hash(sql, 'other jar')).not.to.equal(hash(sql));
  });

  it('is refused when it starts no job', () => {
    expect(() => readJob('j', 'CREATE TABLE a (x INT)', 'jar')).to.throw(
      /flink\/j\.sql must end with one EXECUTE STATEMENT SET or INSERT/,
    );
  });

  it('takes values as the inside of a string, and refuses a name that it does not know', () => {
    expect(substitute("'${a:b}'", new Map([['a:b', "it's"]]), 'j')).to.equal("'it''s'");
    expect(() => substitute('${nope}', new Map([['kafka', 'x']]), 'j')).to.throw(
      /flink\/j\.sql uses \$\{nope\}.*Known: kafka/,
    );
  });
});

describe('an error of Flink', () => {
  const sql = `-- a comment
/* another,
   of two lines */
CREATE TABLE a (x INT) WITH ('k' = 'v');

-- and one more
INSERT INTO a -- here
SELECT y
FROM b;`;

  it('is told with the line of the file that it names, or on which the statement begins', () => {
    const [first, second] = readJob('j', sql, 'jar').statements;
    if (first === undefined || second === undefined) throw new Error('two statements were wanted');
    expect([first.line, second.line]).to.deep.equal([4, 7]);
    expect(errorLine(second, "From line 2, column 8 to line 2, column 8: Column 'y' not found")).to.equal(8);
    expect(errorLine(second, 'no such table')).to.equal(7);
  });

  it('names no topic: those that a file reads are found with their groups', () => {
    const source = "CREATE TABLE t (x INT) WITH ('topic' = 'trades', 'properties.group.id' = 'g-${generation}');";
    const sink = "CREATE TABLE u (x INT) WITH ('topic' = 'candles');";
    expect(sourceTopics(readJob('j', `${source}${sink}INSERT INTO u SELECT x FROM t`, 'jar'))).to.deep.equal([
      { topic: 'trades', group: 'g-${generation}' },
    ]);
  });
});

describe('the plan for a job', () => {
  const wanted = { name: 'candles', hash: 'h1' };
  const job = { id: '1', name: 'candles#3', hash: 'h1', topology: 't1', generation: 3 };
  const memory = { jobId: '1', hash: 'h1', topology: 't1', generation: 3 };
  const there = { wanted, running: [job], memory, resumable: undefined, topology: undefined, replace: false };
  const lost = { ...there, running: [], resumable: 'chk-9' };

  it('leaves a running job alone that is what is wanted, also when nothing is remembered of it', () => {
    expect(planJob(there)).to.deep.equal({ kind: 'leave', jobId: '1', generation: 3 });
    expect(planJob({ ...there, memory: undefined }).kind).to.equal('leave');
  });

  it('lets a changed job of the same operators go on from a savepoint', () => {
    const changed = { ...there, wanted: { ...wanted, hash: 'h2' }, topology: 't1' };
    expect(needsTopology(changed)).to.equal(true);
    expect(planJob(changed)).to.deep.equal({ kind: 'upgrade', jobId: '1', generation: 3 });
    expect(planJob({ ...changed, replace: true }).kind).to.equal('upgrade');
  });

  it('refuses a job of other operators, unless it is to be replaced', () => {
    const changed = { ...there, wanted: { ...wanted, hash: 'h2' }, topology: 't2' };
    expect(planJob(changed)).to.have.property('why').that.includes('--replace');
    expect(planJob({ ...changed, replace: true })).to.deep.equal({
      kind: 'replace',
      oldJobId: '1',
      oldGeneration: 3,
      generation: 4,
    });
  });

  it('goes on with a replacement that an earlier sync began', () => {
    const newer = { id: '2', name: 'candles#4', hash: 'h2', topology: 't2', generation: 4 };
    const both = { ...there, wanted: { ...wanted, hash: 'h2' }, running: [newer, job] };
    expect(planJob(both)).to.deep.equal({
      kind: 'replace',
      oldJobId: '1',
      oldGeneration: 3,
      generation: 4,
      newJobId: '2',
    });
  });

  it('refuses to choose between two jobs of one name, and to judge one that it did not start', () => {
    const twin = { ...job, id: '2' };
    expect(planJob({ ...there, running: [job, twin] }))
      .to.have.property('why')
      .that.includes('1 and 2');
    expect(planJob({ ...there, running: [{ id: '9', name: 'candles' }] }))
      .to.have.property('why')
      .that.includes('job 9');
  });

  it('resumes a lost job from its newest state, in the same generation', () => {
    expect(planJob(lost)).to.deep.equal({ kind: 'resume', from: 'chk-9', generation: 3 });
    const changed = { ...lost, wanted: { ...wanted, hash: 'h2' } };
    expect(planJob({ ...changed, topology: 't1' }).kind).to.equal('resume');
    expect(planJob({ ...changed, topology: 't2' }).kind).to.equal('refuse');
    expect(planJob({ ...changed, topology: 't2', replace: true })).to.deep.include({ kind: 'start', generation: 4 });
  });

  it('starts a job without state in a new generation, so that its rows win over the old ones', () => {
    expect(planJob({ ...lost, resumable: undefined })).to.deep.include({ kind: 'start', generation: 4 });
    expect(planJob({ ...lost, memory: undefined })).to.deep.include({ kind: 'start', generation: 1 });
  });

  it('knows the jobs of a file by their names', () => {
    expect([jobName('a', 1), jobName('a', 2)]).to.deep.equal(['a', 'a#2']);
    expect(['a', 'a#2', 'a-b', 'b'].map((name) => isOf('a', name))).to.deep.equal([true, true, false, false]);
  });
});

describe('the newest state of a job', () => {
  const file = (path: string, modified: number, bytes = 100) => ({ path: `${path}/_metadata`, modified, bytes });

  it('is the newest complete checkpoint or savepoint of that job', () => {
    const files = [
      file('checkpoints/abcdef12/chk-9', 5),
      file('checkpoints/abcdef12/chk-10', 5),
      file('checkpoints/abcdef12/chk-11', 9, 0),
      file('checkpoints/other/chk-12', 9),
      file('savepoints/savepoint-abcdef-77', 4),
    ];
    expect(newestState(files, 'abcdef12')).to.equal('checkpoints/abcdef12/chk-10');
    expect(newestState([...files, file('savepoints/savepoint-abcdef-78', 6)], 'abcdef12')).to.equal(
      'savepoints/savepoint-abcdef-78',
    );
    expect(newestState(files, '99')).to.equal(undefined);
  });
});

describe('a new job beside an old one', () => {
  const at = (...offsets: number[]) => new Map(offsets.map((offset, partition) => [partition, offset]));

  it('has caught up when it has read every partition as far', () => {
    expect(hasCaughtUp(at(5, 9), at(5, 8))).to.equal(true);
    expect(hasCaughtUp(at(5, 7), at(5, 8))).to.equal(false);
    expect(hasCaughtUp(at(5), at(5, 8))).to.equal(false);
    expect(hasCaughtUp(at(), at())).to.equal(false);
  });
});

describe('the shape of a job', () => {
  const plan = (over: object = {}, shift = 0) =>
    JSON.stringify({
      nodes: [
        { id: 1 + shift, type: `Source: trades[${4 + shift}]`, contents: 'a', parallelism: 1 },
        {
          id: 3 + shift,
          type: `Calc[${5 + shift}]`,
          contents: 'x + 1',
          parallelism: 1,
          predecessors: [{ id: 1 + shift, ship_strategy: 'HASH' }],
          ...over,
        },
      ],
    });

  it('is the same for another expression and other numbers, and another for other operators', () => {
    expect(topologyOf(plan({ contents: 'x + 2' }, 7))).to.equal(topologyOf(plan()));
    expect(topologyOf(plan({ type: 'GroupAggregate[5]' }))).not.to.equal(topologyOf(plan()));
    expect(topologyOf(plan({ parallelism: 2 }))).not.to.equal(topologyOf(plan()));
  });
});

describe("Flink's own reason", () => {
  it('is the innermost cause of its stack trace', () => {
    const trace =
      'org.apache.flink.Outer: failed\n\tat a.b(C.java:1)\nCaused by: java.lang.RuntimeException: mid\nCaused by: x.ValidationException: no column y\n\tat d';
    expect(rootCause({ errors: ['Internal server error.', trace] })).to.equal(
      'Caused by: x.ValidationException: no column y',
    );
  });

  it('is told with the line that a cause around it names', () => {
    const trace =
      "org.apache.flink.ValidationException: failed\n\tat a.b(C.java:1)\nCaused by: x.CalciteContextException: From line 2, column 8 to line 2, column 8\nCaused by: x.SqlValidatorException: Column 'y' not found\n\tat d";
    const statement = { text: 'INSERT INTO u\nSELECT y FROM t', line: 7 };
    const reasons = causesOf({ errors: [trace] }).reverse();
    expect(reasons[0]).to.equal("Caused by: x.SqlValidatorException: Column 'y' not found");
    expect(errorLine(statement, reasons.join('\n'))).to.equal(8);
  });
});
