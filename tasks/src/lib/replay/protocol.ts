import { z } from 'zod';

const request = z.object({ type: z.enum(['subscribe', 'unsubscribe']), symbol: z.string() });

export type ClientRequest = z.output<typeof request>;

/** What a client of Finnhub's protocol may ask for; undefined when it is anything else. */
export function parseRequest(text: string): ClientRequest | undefined {
  try {
    return request.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
