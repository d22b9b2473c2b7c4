const EPOCH = /^(\d{1,17})(?:\.(\d+))?$/;
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;

/**
 * The epoch milliseconds a recorded time stands for, cut off below the millisecond, or undefined when it is none.
 * Epoch numbers are told apart by their digits: up to 11 are seconds (until the year 5138), up to 14 milliseconds, up to
 * 17 microseconds. They are cut as text, because a product such as 1385337600.123 * 1000 may end one millisecond short.
 * An ISO 8601 time without an offset is UTC, as all times here.
 */
export function epochMillis(text: string): number | undefined {
  const epoch = EPOCH.exec(text);
  if (epoch !== null) {
    const [, whole = '', fraction = ''] = epoch;
    if (whole.length <= 11) return Number(whole + fraction.slice(0, 3).padEnd(3, '0'));
    return Number(whole.length <= 14 ? whole : whole.slice(0, -3));
  }
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  const [, date = '', time = '00:00', offset = 'Z'] = iso;
  // Date.parse turns 30 February into 2 March: a date that does not come back as it was is no date.
  const midnight = new Date(`${date}T00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const millis = Date.parse(`${date}T${time}${/^(Z|UTC)$/i.test(offset) ? 'Z' : offset}`);
  return Number.isNaN(millis) ? undefined : Math.floor(millis);
}
