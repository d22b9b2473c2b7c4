import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

const DAY = 86_400;

/**
 * Writes a recording that is another one twice, the second time so many whole days later that its first trade comes after the
 * last of the first time: 200,000 trades of the week.
 */
export async function writeTwice(from: string, to: string): Promise<void> {
  const rows: [time: number, rest: string][] = [];
  for await (const line of createInterface({ input: createReadStream(from) })) {
    const comma = line.indexOf(',');
    // The header is none.
    if (/^\d+$/.test(line.slice(0, comma))) rows.push([Number(line.slice(0, comma)), line.slice(comma)]);
  }
  const [first = 0, last = 0] = [rows[0]?.[0], rows.at(-1)?.[0]];
  const later = (Math.floor((last - first) / DAY) + 1) * DAY;
  const lines = [0, later].flatMap((shift) => rows.map(([time, rest]) => `${time + shift}${rest}`));
  await writeFile(to, `timestamp,price,amount\n${lines.join('\n')}\n`);
}
