import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import { request } from '../http.ts';
import { waitFor } from '../wait.ts';

const session = z.object({ sessionHandle: z.string() });
const operation = z.object({ operationHandle: z.string() });
const failure = z.object({ errors: z.array(z.string()) });
const page = z.object({
  resultType: z.enum(['PAYLOAD', 'EOS', 'NOT_READY']),
  jobID: z.string().optional(),
  results: z.object({ data: z.array(z.object({ fields: z.array(z.unknown()) })) }).optional(),
});

/** What became of a statement. */
export interface StatementEnd {
  /** The job that it started, if it did. */
  readonly jobId: string | undefined;
  /** The first field of its first row, as text: what EXPLAIN answers. */
  readonly text: string;
}

/** A session of Flink's SQL Gateway: temporary tables and settings live in it until it is closed. */
export class GatewaySession {
  private constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @param gateway base URL of the SQL Gateway */
  static async open(
    gateway: string,
    settings: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<GatewaySession> {
    const { body } = await request(`${gateway}/v1/sessions`, {
      method: 'POST',
      json: { properties: settings },
      signal,
      timeoutMs: 60_000,
    });
    return new GatewaySession(`${gateway}/v1/sessions/${session.parse(body).sessionHandle}`, signal);
  }

  /**
   * Runs one statement to the end of its submission.
   * @param where file and line of the statement, for an error; given Flink's reasons, the innermost first, which may name a line
   * @throws RATEHOUSE_REFUSED with the place and Flink's own reason
   */
  async run(statement: string, where: (reasons: string) => string): Promise<StatementEnd> {
    const began = await request(`${this.url}/statements`, {
      method: 'POST',
      json: { statement },
      signal: this.signal,
      timeoutMs: 60_000,
    });
    const result = `${this.url}/operations/${operation.parse(began.body).operationHandle}/result/0`;
    const found = await waitFor(
      async () => {
        const { status, body } = await request(result, { signal: this.signal, also: [400, 500], timeoutMs: 30_000 });
        if (status >= 400) return { refusal: body };
        const { resultType, jobID, results } = page.parse(body);
        return resultType === 'NOT_READY' ? undefined : { jobId: jobID, text: firstField(results?.data) };
      },
      { what: 'the SQL Gateway to run a statement', timeoutMs: 180_000, signal: this.signal, intervalMs: 200 },
    );
    if ('refusal' in found) {
      const place = where(causesOf(found.refusal).reverse().join('\n'));
      throw new RatehouseError('RATEHOUSE_REFUSED', `${place}: Flink refused it: ${rootCause(found.refusal)}`);
    }
    return found;
  }

  /** A gateway that does not answer any more lets its sessions go by itself. */
  async close(): Promise<void> {
    await request(this.url, { method: 'DELETE', timeoutMs: 5000, also: [404, 500] }).catch(() => undefined);
  }
}

function firstField(rows: readonly { readonly fields: readonly unknown[] }[] | undefined): string {
  const field = rows?.[0]?.fields[0];
  return typeof field === 'string' ? field : '';
}

/** The innermost "Caused by" of a Java stack trace: the line that helps. */
export function rootCause(body: unknown): string {
  return (causesOf(body).at(-1) ?? textOf(body)).trim().slice(0, 1000);
}

/** The lines of a Java stack trace that name an exception, from the outermost on. */
export function causesOf(body: unknown): string[] {
  return textOf(body)
    .split('\n')
    .filter((line) => /^(Caused by: |[\w.$]+(Exception|Error)(:|$))/.test(line.trim()));
}

function textOf(body: unknown): string {
  const parsed = failure.safeParse(body);
  return parsed.success ? parsed.data.errors.join('\n') : JSON.stringify(body);
}
