import { createHash } from 'node:crypto';
import { RatehouseError } from '../error.ts';
import { isComment, splitStatements, TOKEN } from '../sql.ts';

/** One statement of a file, and the line of the file on which it begins. */
export interface Statement {
  readonly text: string;
  readonly line: number;
}

/** One flink/<name>.sql: its statements before substitution, and the hash that tells whether it changed. */
export interface JobFile {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** Over the SQL without comments and white space, and over the functions' jar. */
  readonly hash: string;
}

/** A topic that a job reads, and the group under which it commits how far it has read, both before substitution. */
export interface SourceTopic {
  readonly topic: string;
  readonly group: string;
}

export function readJob(name: string, sql: string, functionsHash: string): JobFile {
  const statements = locate(sql);
  const last = statements.at(-1)?.text ?? '';
  if (!/^(EXECUTE\s+STATEMENT\s+SET|INSERT)\b/i.test(last)) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `flink/${name}.sql must end with one EXECUTE STATEMENT SET or INSERT; it ends with: ${last.slice(0, 60)}`,
    );
  }
  const normal = statements.map(({ text }) => text.replace(/\s+/g, ' ')).join(';');
  return {
    name,
    statements,
    hash: createHash('sha256').update(normal).update(functionsHash).digest('hex').slice(0, 16),
  };
}

/** Statements without their comments, but with their lines, so that Flink's line numbers can be told as those of the file. */
function locate(sql: string): Statement[] {
  let from = 0;
  return splitStatements(sql).map((part) => {
    const at = sql.indexOf(part, from);
    from = at + part.length;
    // Of a comment its line breaks are left.
    const bare = part.replace(TOKEN, (token) => (isComment(token) ? '\n'.repeat(lines(token)) : token));
    const skipped = bare.slice(0, bare.length - bare.trimStart().length);
    return { text: bare.trim(), line: lines(sql.slice(0, at)) + lines(skipped) + 1 };
  });
}

const lines = (text: string): number => text.split('\n').length - 1;

/** The line of the file that an error of Flink's is about: the one it names, else the statement's first. */
export function errorLine(statement: Statement, error: string): number {
  const named = /\b[Ll]ine (\d+)(?:, column \d+)?/.exec(error)?.[1];
  return statement.line + (named === undefined ? 0 : Number(named) - 1);
}

/** What a file reads from Kafka. */
export function sourceTopics({ statements }: JobFile): SourceTopic[] {
  return statements.flatMap(({ text }) => {
    const option = (name: string): string | undefined => new RegExp(`'${name}'\\s*=\\s*'([^']*)'`).exec(text)?.[1];
    const [topic, group] = [option('topic'), option('properties\\.group\\.id')];
    return topic === undefined || group === undefined ? [] : [{ topic, group }];
  });
}

/** Puts values in place of `${name}`, as the inside of a SQL string literal or a number; an unknown name is an error. */
export function substitute(sql: string, values: ReadonlyMap<string, string>, file: string): string {
  return sql.replace(/\$\{([\w:-]+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) {
      const known = [...values.keys()].join(', ');
      throw new RatehouseError(
        'RATEHOUSE_CONFIG',
        `flink/${file}.sql uses \${${name}}, which is not known. Known: ${known}.`,
      );
    }
    return value.replaceAll("'", "''");
  });
}
