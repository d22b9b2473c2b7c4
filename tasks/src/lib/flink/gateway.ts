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
  nextResultUri: z.string().optional(),
});

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
   * Runs one statement to the end of its submission and returns the id of the job that it started, if it did.
   * @throws RATEHOUSE_REFUSED with Flink's own reason and the statement's first line
   */
  async run(statement: string): Promise<string | undefined> {
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
        if (status >= 400) return { refused: rootCause(body) };
        const { resultType, jobID } = page.parse(body);
        return resultType === 'NOT_READY' ? undefined : { jobID };
      },
      { what: 'the SQL Gateway to run a statement', timeoutMs: 180_000, signal: this.signal, intervalMs: 200 },
    );
    if ('refused' in found) {
      throw new RatehouseError(
        'RATEHOUSE_REFUSED',
        `Flink refused the statement "${firstLine(statement)}": ${found.refused}`,
      );
    }
    return found.jobID;
  }

  async close(): Promise<void> {
    await request(this.url, { method: 'DELETE' });
  }
}

function firstLine(statement: string): string {
  return statement.split('\n', 1)[0]?.slice(0, 100) ?? '';
}

/** The innermost "Caused by" of a Java stack trace: the line that helps. */
export function rootCause(body: unknown): string {
  const parsed = failure.safeParse(body);
  const text = parsed.success ? parsed.data.errors.join('\n') : JSON.stringify(body);
  const causes = text.split('\n').filter((line) => /^(Caused by: |[\w.$]+(Exception|Error)(:|$))/.test(line.trim()));
  return (causes.at(-1) ?? text).trim().slice(0, 1000);
}
