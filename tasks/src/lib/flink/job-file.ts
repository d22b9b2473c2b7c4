import { createHash } from 'node:crypto';
import { RatehouseError } from '../error.ts';
import { splitStatements, withoutComments } from '../sql.ts';

/** One flink/<name>.sql: its statements before substitution, and the hash that tells whether it changed. */
export interface JobFile {
  readonly name: string;
  readonly statements: readonly string[];
  /** Over the SQL without comments and white space, and over the functions' jar. */
  readonly hash: string;
}

export function readJob(name: string, sql: string, functionsHash: string): JobFile {
  const statements = splitStatements(sql).map(withoutComments);
  const last = statements.at(-1) ?? '';
  if (!/^(EXECUTE\s+STATEMENT\s+SET|INSERT)\b/i.test(last)) {
    throw new RatehouseError(
      'RATEHOUSE_CONFIG',
      `flink/${name}.sql must end with one EXECUTE STATEMENT SET or INSERT; it ends with: ${last.slice(0, 60)}`,
    );
  }
  const normal = statements.map((s) => s.replace(/\s+/g, ' ')).join(';');
  return {
    name,
    statements,
    hash: createHash('sha256').update(normal).update(functionsHash).digest('hex').slice(0, 16),
  };
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
