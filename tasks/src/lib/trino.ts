import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { BasicAuth, Trino as TrinoClient, type QueryResult } from 'trino-client';
import type { z } from 'zod';
import type { Setting } from './config.ts';
import { RatehouseError, describe } from './error.ts';
import { splitStatements } from './sql.ts';
import { bind, type TrinoParameters } from './trino-parameters.ts';

export interface TrinoConfig {
  readonly RATEHOUSE_TRINO_URL: Setting<'RATEHOUSE_TRINO_URL'>;
}

export interface TrinoColumn {
  readonly name: string;
  readonly type: string;
}

/** No answer for this long to one request of a query is a server that is gone: its own long poll lasts one second. */
const ANSWER_MS = 60_000;
const CANCEL_MS = 3000;

/**
 * Trino over HTTP, through trino-client. That client gives a failed query as an empty one or as a page among others; this
 * reader takes a query for answered only when its last page says FINISHED, and throws for anything else.
 *
 * Values are bound as parameters, `:name` in the text. A bigint beyond 2^53 is refused: cast it to varchar in the query.
 */
export class Trino {
  private readonly client: TrinoClient;
  private readonly url: string;
  private readonly signal: AbortSignal | undefined;

  constructor(config: TrinoConfig, signal?: AbortSignal) {
    this.url = config.RATEHOUSE_TRINO_URL;
    this.signal = signal;
    this.client = TrinoClient.create({
      server: this.url,
      source: 'ratehouse',
      auth: new BasicAuth('ratehouse'),
      // Without it timestamps are cut to milliseconds.
      extraHeaders: { 'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME' },
    });
  }

  /** Runs the statements of a file, one after the other; a failed one ends it, with its number. */
  async runFile(path: string, parameters: TrinoParameters = {}): Promise<void> {
    for (const [index, text] of splitStatements(readFileSync(path, 'utf8')).entries())
      await this.execute(text, parameters, `statement ${index + 1} of ${path}`);
  }

  /** Runs one statement that was generated, such as the definition of a table; `what` names it in errors. */
  async execute(text: string, parameters: TrinoParameters, what: string): Promise<void> {
    const pages = this.pages(text, parameters, what);
    while ((await pages.next()).done !== true);
  }

  /** Streams the rows of a file's one query, each an object by column name, checked against its type. Never held whole. */
  async *queryFile<T>(
    path: string,
    row: z.ZodType<T>,
    parameters: TrinoParameters = {},
  ): AsyncGenerator<T, void, undefined> {
    const [query, ...more] = splitStatements(readFileSync(path, 'utf8'));
    if (query === undefined || more.length > 0) {
      const found = query === undefined ? 0 : more.length + 1;
      throw new RatehouseError('RATEHOUSE_CONFIG', `Wanted one query in ${path}, found ${found} statements.`);
    }
    yield* this.query(query, row, parameters, path);
  }

  /** The same for one query that was generated; `what` names it in errors. */
  async *query<T>(
    text: string,
    row: z.ZodType<T>,
    parameters: TrinoParameters,
    what: string,
  ): AsyncGenerator<T, void, undefined> {
    for await (const { columns, data } of this.pages(text, parameters, what)) {
      for (const values of data) {
        const parsed = row.safeParse(Object.fromEntries(columns.map(({ name }, i) => [name, values[i]])));
        if (!parsed.success)
          throw new RatehouseError(
            'RATEHOUSE_BAD_DATA',
            `A row of ${what} is not what was asked for: ${describe(parsed.error)}`,
          );
        yield parsed.data;
      }
    }
  }

  private async *pages(
    text: string,
    parameters: TrinoParameters,
    what: string,
  ): AsyncGenerator<{ columns: readonly TrinoColumn[]; data: readonly (readonly unknown[])[] }, void, undefined> {
    this.signal?.throwIfAborted();
    const asked = this.client.query({ query: bind(text, parameters) });
    let page: QueryResult | undefined;
    let ended = false;
    try {
      const iterator = await this.guarded(what, asked);
      while (!ended) {
        // At its end the iterator gives its last page once more: the only place of an error that came in the first reply.
        const next = await this.guarded(what, iterator.next(), () => standsAt(iterator));
        const value = next.value as QueryResult;
        ended = next.done === true;
        page = value;
        if (value.error !== undefined) {
          ended = true;
          throw this.refused(what, value.error.errorName, value.error.message);
        }
        if (!ended && value.data !== undefined) {
          const columns = value.columns ?? [];
          const data = value.data as unknown[][];
          this.refuseRounded(columns, data, what);
          yield { columns, data };
        }
      }
      const state = page?.stats?.state ?? 'nothing';
      if (state !== 'FINISHED') throw this.refused(what, 'STATE', `the query ended as ${state}`);
    } finally {
      if (!ended) await this.cancel(asked);
    }
  }

  /** A query left early, by a signal, an error or the caller, would go on working for nobody. Never throws, and is over in seconds. */
  private async cancel(asked: Promise<object>): Promise<void> {
    const cancelled = asked.then(async (iterator) => {
      const id = standsAt(iterator)?.id;
      if (id !== undefined) await this.client.cancel(id);
    });
    await Promise.race([cancelled.catch(() => undefined), delay(CANCEL_MS, undefined, { ref: false })]);
  }

  /** JSON numbers beyond 2^53 have lost digits by the time they are seen here. */
  private refuseRounded(columns: readonly TrinoColumn[], data: readonly (readonly unknown[])[], what: string): void {
    for (const [i, { name, type }] of columns.entries()) {
      if (type !== 'bigint') continue;
      for (const row of data) {
        if (typeof row[i] === 'number' && !Number.isSafeInteger(row[i]))
          throw new RatehouseError(
            'RATEHOUSE_BAD_DATA',
            `Column ${name} of ${what} holds a bigint beyond 2^53: cast it to varchar.`,
          );
      }
    }
  }

  /** Waits for an answer while the server makes progress: each request of a query is answered within seconds, whatever the query takes. */
  private async guarded<T>(what: string, answer: Promise<T>, progress: () => unknown = () => undefined): Promise<T> {
    let stop: (() => void) | undefined;
    let watch: NodeJS.Timeout | undefined;
    let seen = progress();
    let seenAt = Date.now();
    // Left behind by a signal, it may fail with nobody to hear it.
    answer.catch(() => undefined);
    try {
      this.signal?.throwIfAborted();
      return await Promise.race([
        answer,
        new Promise<never>((_, reject) => {
          stop = () => {
            reject(new Error('stopped'));
          };
          this.signal?.addEventListener('abort', stop, { once: true });
          watch = setInterval(() => {
            const now = progress();
            if (now !== seen) [seen, seenAt] = [now, Date.now()];
            else if (Date.now() - seenAt > ANSWER_MS) reject(new Error(`no answer for ${ANSWER_MS / 1000} s`));
          }, 1000);
        }),
      ]);
    } catch (cause) {
      if (this.signal?.aborted === true) throw this.signal.reason;
      throw new RatehouseError(
        'RATEHOUSE_UNREACHABLE',
        `Wanted ${what} from Trino at ${this.url}: ${describe(cause)}. Is it running? RATEHOUSE_TRINO_URL says where it is looked for.`,
        { cause },
      );
    } finally {
      clearInterval(watch);
      if (stop !== undefined) this.signal?.removeEventListener('abort', stop);
    }
  }

  private refused(what: string, name: string, message: string): RatehouseError {
    return new RatehouseError('RATEHOUSE_REFUSED', `Trino at ${this.url} refused ${what}: ${name}: ${message}`);
  }
}

/**
 * The page at which an iterator of trino-client stands. It follows pages without rows by itself and does not give them, so this
 * field, which its types hide, is the only sign that a query goes on, and the only place of its id before the first row.
 */
function standsAt(iterator: object): { readonly id: string } | undefined {
  const pages: unknown = Reflect.get(iterator, 'iter');
  const page: unknown = typeof pages === 'object' && pages !== null ? Reflect.get(pages, 'queryResult') : undefined;
  return typeof page === 'object' && page !== null && 'id' in page && typeof page.id === 'string'
    ? (page as { readonly id: string })
    : undefined;
}
