import { readFileSync } from 'node:fs';
import { ClickHouseError, ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client';
import type { z } from 'zod';
import type { Setting } from './config.ts';
import { RatehouseError, describe } from './error.ts';
import { splitStatements } from './sql.ts';

export interface ClickHouseConfig {
  readonly RATEHOUSE_CLICKHOUSE_URL: Setting<'RATEHOUSE_CLICKHOUSE_URL'>;
  readonly RATEHOUSE_CLICKHOUSE_USER: Setting<'RATEHOUSE_CLICKHOUSE_USER'>;
  readonly RATEHOUSE_CLICKHOUSE_PASSWORD: Setting<'RATEHOUSE_CLICKHOUSE_PASSWORD'>;
}

export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[]>>;
/** Settings of one statement, by name. */
export type Settings = Readonly<Record<string, string | number>>;

/** ClickHouse over HTTP. Statements come from .sql files; values go in as parameters, `{name:Type}` in the text. */
export class ClickHouse {
  private readonly client: ClickHouseClient;
  private readonly url: string;
  private readonly signal: AbortSignal | undefined;

  constructor(config: ClickHouseConfig, signal?: AbortSignal) {
    this.url = config.RATEHOUSE_CLICKHOUSE_URL;
    this.signal = signal;
    this.client = createClient({
      url: this.url,
      username: config.RATEHOUSE_CLICKHOUSE_USER,
      password: config.RATEHOUSE_CLICKHOUSE_PASSWORD,
      application: 'ratehouse',
      request_timeout: 300_000,
      // What it would log is thrown to us as well; its own lines are not in our log's form.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0, date_time_output_format: 'iso' },
    });
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** Runs the statements of a file, one after the other; a failed one ends it, with its number. */
  async runFile(path: string, parameters: Parameters = {}, settings: Settings = {}): Promise<void> {
    for (const [index, statement] of splitStatements(readFileSync(path, 'utf8')).entries()) {
      await this.guarded(`statement ${index + 1} of ${path}`, () =>
        this.client.command({
          query: statement,
          query_params: { ...parameters },
          clickhouse_settings: settings,
          ...this.aborting(),
        }),
      );
    }
  }

  /** Streams the rows of a file's one query, each checked against its type. The answer is never held whole. */
  async *queryFile<T>(
    path: string,
    row: z.ZodType<T>,
    parameters: Parameters = {},
  ): AsyncGenerator<T, void, undefined> {
    const [query, ...more] = splitStatements(readFileSync(path, 'utf8'));
    if (query === undefined || more.length > 0) {
      throw new RatehouseError(
        'RATEHOUSE_CONFIG',
        `Wanted one query in ${path}, found ${query === undefined ? 0 : more.length + 1} statements.`,
      );
    }
    const result = await this.guarded(path, () =>
      this.client.query({ query, query_params: { ...parameters }, format: 'JSONEachRow', ...this.aborting() }),
    );
    const stream = result.stream();
    try {
      for await (const rows of stream) {
        for (const found of rows) {
          const parsed = row.safeParse(found.json());
          if (!parsed.success)
            throw new RatehouseError(
              'RATEHOUSE_BAD_DATA',
              `A row of ${path} is not what was asked for: ${describe(parsed.error)}`,
            );
          yield parsed.data;
        }
      }
    } catch (error) {
      throw this.readable(path, error);
    }
  }

  /** Writes rows, objects by column name, to a table in one insert; times are ISO texts. */
  async insert(table: string, rows: readonly Readonly<Record<string, string | number>>[]): Promise<void> {
    await this.guarded(`${rows.length} row(s) for ${table}`, () =>
      this.client.insert({
        table,
        values: [...rows],
        format: 'JSONEachRow',
        clickhouse_settings: { date_time_input_format: 'best_effort' },
        ...this.aborting(),
      }),
    );
  }

  private aborting(): { abort_signal: AbortSignal } | Record<string, never> {
    return this.signal === undefined ? {} : { abort_signal: this.signal };
  }

  /** A server that is not there is found out by a ping, in seconds: a statement may take minutes. */
  private async guarded<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      await fetch(`${this.url}/ping`, { signal: AbortSignal.timeout(5000) });
      return await call();
    } catch (error) {
      throw this.readable(what, error);
    }
  }

  private readable(what: string, error: unknown): unknown {
    if (error instanceof RatehouseError) return error;
    if (this.signal?.aborted === true) return this.signal.reason;
    if (error instanceof ClickHouseError) {
      const advice = /UNKNOWN_(TABLE|DATABASE)/.test(error.type ?? '')
        ? ' ratehouse start-stream creates the tables.'
        : '';
      return new RatehouseError(
        'RATEHOUSE_REFUSED',
        `ClickHouse at ${this.url} refused ${what}: ${error.message.trim()}${advice}`,
        { cause: error },
      );
    }
    return new RatehouseError(
      'RATEHOUSE_UNREACHABLE',
      `Wanted ${what} from ClickHouse at ${this.url}: ${describe(error)}. Is it running? RATEHOUSE_CLICKHOUSE_URL says where it is looked for.`,
      { cause: error },
    );
  }
}
