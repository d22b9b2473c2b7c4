import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { parse } from 'csv-parse';
import { RatehouseError, describe } from '../error.ts';
import { epochMillis } from './instant.ts';
import { MOST_DIGITS, RecordingBuilder, type Recording } from './recording.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const NAMES = {
  time: ['time', 'timestamp', 'date'],
  price: ['price'],
  volume: ['amount', 'volume', 'size', 'qty'],
} as const;

interface Columns {
  readonly time: number;
  readonly price: number;
  readonly volume: number;
}

/** Reads a CSV of time, price and amount, with or without a header. Throws RATEHOUSE_BAD_DATA with file and line. */
export async function readRecording(
  file: string,
  signal?: AbortSignal,
): Promise<{ recording: Recording; reordered: number }> {
  const builder = new RecordingBuilder();
  let columns: Columns | undefined;
  const take = (cells: readonly string[], line: number): void => {
    if (columns === undefined) {
      columns = headerOf(cells);
      if (columns !== undefined) return;
      if (cells.every((cell) => epochMillis(cell) === undefined && !NUMBER.test(cell))) {
        throw bad(
          file,
          line,
          'a header with time, timestamp or date; price; amount, volume, size or qty',
          cells.join(),
        );
      }
      columns = { time: 0, price: 1, volume: 2 };
    }
    const time = epochMillis(cells[columns.time] ?? '');
    if (time === undefined) {
      throw bad(file, line, 'a time as epoch seconds, ms, µs or ISO 8601', cells[columns.time]);
    }
    builder.add(
      time,
      number(cells[columns.price], 'price', file, line),
      number(cells[columns.volume], 'amount', file, line),
    );
  };
  const parser = parse({
    bom: true,
    trim: true,
    // Both, since files put together from several have both.
    record_delimiter: ['\r\n', '\n'],
    skip_empty_lines: true,
    relax_column_count: true,
    // Taking each record here, and passing none on, is synchronous: the line number belongs to it, and no object is kept.
    on_record: (cells: string[], context) => {
      take(cells, context.lines);
      return null;
    },
  });
  const nothing = new Writable({
    objectMode: true,
    write: (_record, _encoding, done) => {
      done();
    },
  });
  try {
    await pipeline(createReadStream(file), parser, nothing, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof RatehouseError) throw error;
    throw new RatehouseError('RATEHOUSE_BAD_DATA', `The recording ${file} cannot be read as CSV: ${describe(error)}.`, {
      cause: error,
    });
  }
  const recording = builder.build();
  if (recording.length === 0) throw bad(file, 1, 'at least one trade', undefined);
  return { recording, reordered: builder.reordered };
}

function headerOf(cells: readonly string[]): Columns | undefined {
  const find = (names: readonly string[]): number => cells.findIndex((cell) => names.includes(cell.toLowerCase()));
  const columns = { time: find(NAMES.time), price: find(NAMES.price), volume: find(NAMES.volume) };
  return Math.min(columns.time, columns.price, columns.volume) < 0 ? undefined : columns;
}

/** The text as it is: it goes out as it came in, so it has to be what JSON calls a number. */
function number(text: string | undefined, name: string, file: string, line: number): string {
  if (text !== undefined && text.length <= MOST_DIGITS && NUMBER.test(text)) return text;
  throw bad(file, line, `the ${name} as a JSON number of up to ${MOST_DIGITS} characters`, text);
}

function bad(file: string, line: number, wanted: string, found: string | undefined): RatehouseError {
  const what = found === undefined || found === '' ? 'nothing' : JSON.stringify(found.slice(0, 80));
  return new RatehouseError('RATEHOUSE_BAD_DATA', `${file}, line ${line}: wanted ${wanted}, found ${what}.`);
}
