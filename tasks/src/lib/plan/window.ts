import { RatehouseError } from '../error.ts';
import { MINUTE_MS } from './stretches.ts';

/** [start, end), whole minutes. */
export interface Window {
  readonly start: Date;
  readonly end: Date;
}

/** What the times of ClickHouse and of the lake can both hold. */
export const ALL_OF_TIME: Window = { start: new Date('1900-01-01T00:00:00Z'), end: new Date('2299-12-31T00:00:00Z') };

/** A time of the calendar with its zone: without one it would be this machine's. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** The window of --start and --end, or undefined when neither is given. Throws RATEHOUSE_USAGE. */
export function parseWindow(start: string | undefined, end: string | undefined): Window | undefined {
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined)
    throw new RatehouseError('RATEHOUSE_USAGE', 'A window has both --start and --end.');
  const window = { start: minute('--start', start), end: minute('--end', end) };
  if (window.start >= window.end)
    throw new RatehouseError('RATEHOUSE_USAGE', `--start must be before --end; found ${start} and ${end}.`);
  return window;
}

function minute(name: string, text: string): Date {
  const time = ISO.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time) || time % MINUTE_MS !== 0)
    throw new RatehouseError(
      'RATEHOUSE_USAGE',
      `${name} must be an ISO time with its zone, a whole minute, such as 2026-01-31T12:00:00Z; found ${text}.`,
    );
  return new Date(time);
}
