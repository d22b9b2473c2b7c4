import { table } from '../../../stack/lib/status.ts';

/** Seconds from the end of a fault until each part of the stack did its work again. */
export interface Recovery {
  readonly fault: string;
  /** Every engine answers, every connector and the Flink job run. */
  readonly engines: number;
  /** Newer trades in Kafka and newer candles in ClickHouse. */
  readonly stream: number;
  /** A newer commit of trades in the lake; undefined where there is none. */
  readonly lake: number | undefined;
}

/** What the README's table is taken from. */
export function recoveryTable(title: string, recoveries: readonly Recovery[]): string {
  const head = [title, 'engines s', 'stream s', 'lake s'];
  const rows = recoveries.map(({ fault, engines, stream, lake }) => [
    fault,
    engines.toFixed(0),
    stream.toFixed(0),
    lake?.toFixed(0) ?? '-',
  ]);
  return table([head, ...rows]);
}
