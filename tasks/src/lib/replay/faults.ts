import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RatehouseError, describe } from '../error.ts';

const after = z.int().min(0).optional();
/** The codes an endpoint may send: those of RFC 6455 that travel in a close frame, and those for private use. */
const closeCode = z
  .int()
  .refine((c) => (c >= 1000 && c <= 1014 && ![1004, 1005, 1006].includes(c)) || (c >= 3000 && c <= 4999), {
    message: 'a close code that may be sent: 1000 to 1014 without 1004, 1005 and 1006, or 3000 to 4999',
  });

/** A decimal as text, which the frame keeps to the last digit. */
const number = z.string().regex(/^\d{1,10}(\.\d{1,8})?$/);

const faultSchema = z.discriminatedUnion('fault', [
  z.strictObject({ fault: z.literal('cut'), after }),
  z.strictObject({ fault: z.literal('close'), code: closeCode.default(1001), after }),
  z.strictObject({
    fault: z.literal('stall'),
    seconds: z.number().positive().max(86_400),
    pings: z.boolean().default(true),
    after,
  }),
  z.strictObject({ fault: z.literal('garbage'), form: z.enum(['text', 'negative-price']).default('text'), after }),
  z.strictObject({ fault: z.literal('fragments'), parts: z.int().min(2).max(1000), after }),
  z.strictObject({
    fault: z.literal('late'),
    /** The trade's own time, epoch milliseconds. */
    time: z.int(),
    price: number,
    volume: number,
    after,
  }),
]);

/** Something a feed does wrong on request, `after` so many more trades have been sent. */
export type Fault = z.output<typeof faultSchema>;

/** Throws RATEHOUSE_USAGE: what of the fault is wrong, and which there are. */
export function parseFault(value: unknown): Fault {
  const parsed = faultSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((i) => `${i.path.join('.') || 'fault'}: ${i.message}`).join('; ');
  throw new RatehouseError(
    'RATEHOUSE_USAGE',
    `This is no fault that can be replayed (${wrong}). Wanted {"fault": "cut" | "close" (code) | "stall" (seconds, pings) | ` +
      '"garbage" (form: text or negative-price) | "fragments" (parts) | "late" (time, price, volume)}, each with "after": n trades if it is to wait.',
  );
}

/** The value of --faults: JSON, or the name of a file that holds it; one fault or a list of them. */
export function readFaults(text: string): readonly Fault[] {
  let value: unknown;
  try {
    value = JSON.parse(/^\s*[[{]/.test(text) ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    throw new RatehouseError(
      'RATEHOUSE_USAGE',
      `--faults is neither JSON nor the name of a file with JSON: ${describe(error)}.`,
      {
        cause: error,
      },
    );
  }
  return Array.isArray(value) ? value.map(parseFault) : [parseFault(value)];
}

/** Faults that wait for their moment, counted in trades sent. */
export class FaultQueue {
  #armed: { readonly fault: Fault; readonly at: number }[] = [];

  get length(): number {
    return this.#armed.length;
  }

  arm(fault: Fault, sent: number): void {
    this.#armed.push({ fault, at: sent + (fault.after ?? 0) });
  }

  /** Those whose moment has come; they are not given a second time. */
  take(sent: number): readonly Fault[] {
    const due = this.#armed.filter(({ at }) => at <= sent);
    if (due.length > 0) this.#armed = this.#armed.filter(({ at }) => at > sent);
    return due.map(({ fault }) => fault);
  }

  /** How many trades may be sent before the next fault's moment. */
  room(sent: number): number {
    return this.#armed.reduce((least, { at }) => Math.min(least, at - sent), Infinity);
  }
}
