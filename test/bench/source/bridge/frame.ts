import { z } from 'zod';

/** The fields in which an exact decimal stands. A quote in a JSON string is escaped, so this finds names of fields alone. */
const DECIMALS = /"([pv])":(-?\d+(?:\.\d+)?)(?=[,}])/g;

const message = z.object({
  type: z.string(),
  data: z
    .array(z.object({ s: z.string(), p: z.string(), v: z.string(), t: z.int(), c: z.array(z.string()).nullable() }))
    .optional(),
});
type FeedTrade = NonNullable<z.output<typeof message>['data']>[number];

/**
 * The trades of a frame in Finnhub's form, prices and volumes as they are written: JSON.parse would make doubles of them, so
 * they are put into quotes before it sees them. Throws on anything else than trades and pings.
 */
export function readFrame(text: string): readonly FeedTrade[] {
  const parsed = JSON.parse(text.replace(DECIMALS, '"$1":"$2"')) as { type?: unknown; data?: unknown };
  if (parsed.type === 'ping') return [];
  if (parsed.type === 'trade' && Array.isArray(parsed.data) && parsed.data.every(isTrade)) return parsed.data;
  throw new Error(
    `The frame is not one of trades: ${z.prettifyError(message.safeParse(parsed).error ?? new z.ZodError([]))}`,
  );
}

/** By hand, for it is asked of every trade; zod says what is wrong when something is. */
function isTrade(value: unknown): value is FeedTrade {
  if (typeof value !== 'object' || value === null) return false;
  const { s, p, v, t, c } = value as Partial<Record<string, unknown>>;
  return (
    typeof s === 'string' &&
    typeof p === 'string' &&
    typeof v === 'string' &&
    Number.isSafeInteger(t) &&
    (c === null || (Array.isArray(c) && c.every((one) => typeof one === 'string')))
  );
}
