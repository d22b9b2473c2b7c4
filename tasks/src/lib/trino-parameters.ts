import { RatehouseError } from './error.ts';

/** A text, a whole number (bigint where it may be beyond 2^53, as a snapshot's id), a truth value, a moment (Date), or nothing. */
type TrinoParameter = string | number | bigint | boolean | Date | null;
export type TrinoParameters = Readonly<Record<string, TrinoParameter>>;

/** What a placeholder cannot stand in: quotes and comments. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|:([a-z_][a-z0-9_]*)/gi;

/** Where Trino wants a constant and takes no parameter. */
const VERSION = /\bVERSION\s+AS\s+OF\s+$/i;

/**
 * A statement with `:name` placeholders and its values as one that Trino prepares and runs: EXECUTE IMMEDIATE '...' USING ....
 * The text never holds a value, but for the snapshot's id of FOR VERSION AS OF, a bigint; each value is a literal of its own type.
 * A missing or unused value is a mistake, and is thrown.
 */
export function bind(text: string, parameters: TrinoParameters): string {
  const values: string[] = [];
  const unused = new Set(Object.keys(parameters));
  const prepared = text.replace(TOKEN, (token: string, name: string | undefined, at: number) => {
    if (name === undefined) return token.startsWith('--') || token.startsWith('/*') ? ' ' : token;
    const value = parameters[name];
    if (value === undefined)
      throw new RatehouseError('RATEHOUSE_CONFIG', `The query wants a value for :${name}, and none was given.`);
    unused.delete(name);
    if (typeof value === 'bigint' && VERSION.test(text.slice(0, at))) return literal(name, value);
    values.push(literal(name, value));
    return '?';
  });
  if (unused.size > 0)
    throw new RatehouseError('RATEHOUSE_CONFIG', `The query has no place for ${[...unused].join(', ')}.`);
  return values.length === 0 ? prepared : `EXECUTE IMMEDIATE ${quoted(prepared)} USING ${values.join(', ')}`;
}

function literal(name: string, value: TrinoParameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Date) return `TIMESTAMP '${value.toISOString().replace('T', ' ').replace('Z', ' UTC')}'`;
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new RatehouseError('RATEHOUSE_CONFIG', `:${name} must be a whole number below 2^53; found ${value}.`);
  return `BIGINT '${value}'`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
