import { expect } from 'chai';
import { rootCause } from '../../../tasks/src/lib/flink/gateway.ts';
import { readJob, substitute } from '../../../tasks/src/lib/flink/job-file.ts';
import { splitStatements, withoutComments } from '../../../tasks/src/lib/sql.ts';
import { planJob } from '../../../tasks/src/lib/flink/plan.ts';

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

describe('the plan for a job', () => {
  const wanted = { name: 'candles', hash: 'h1' };
  const running = [{ id: '1', name: 'candles' }];
  const memory = { jobId: '1', hash: 'h1', generation: 3 };

  it('leaves a running job alone that is what is wanted', () => {
    expect(planJob(wanted, running, memory, 'chk-9').kind).to.equal('leave');
  });

  it('upgrades a running job whose SQL changed, and one of unknown origin, rather than start a second', () => {
    expect(planJob({ ...wanted, hash: 'h2' }, running, memory, 'chk-9')).to.deep.equal({
      kind: 'upgrade',
      name: 'candles',
      jobId: '1',
      generation: 3,
    });
    expect(planJob(wanted, running, undefined, undefined).kind).to.equal('upgrade');
  });

  it('resumes a lost job from its newest checkpoint, in the same generation', () => {
    expect(planJob(wanted, [], memory, 'chk-9')).to.deep.equal({
      kind: 'resume',
      name: 'candles',
      lostJobId: '1',
      checkpoint: 'chk-9',
      generation: 3,
    });
  });

  it('starts a job without state in a new generation, so that its rows win over the old ones', () => {
    expect(planJob(wanted, [], memory, undefined)).to.deep.equal({ kind: 'start', name: 'candles', generation: 4 });
    expect(planJob(wanted, [{ id: '7', name: 'other' }], undefined, undefined)).to.deep.equal({
      kind: 'start',
      name: 'candles',
      generation: 1,
    });
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
});
