import type { TopicValues } from '../../../tasks/src/lib/contracts.ts';
import type { SentItem } from './sent-log.ts';

type Trade = TopicValues['trades'];
type FeedEvent = TopicValues['feed-events'];
type Refused = TopicValues['trades-dlq'];

/** The committed records of one feed, each topic in its order. */
export interface FeedRecords {
  readonly trades: readonly Trade[];
  readonly events: readonly FeedEvent[];
  readonly refused: readonly Refused[];
}

export interface LedgerOptions {
  /** Texts that must stand in no record. */
  readonly secrets: readonly string[];
  /** Connections carry the same trades while one is handed over to another, so a later one need not begin with its first. */
  readonly overlapping?: boolean;
  /** How many tasks the feed has now, where it has or had several: each has connection_ids of its own. */
  readonly tasks?: number;
}

export interface MiniLedger {
  /** What breaks the promise, in words; empty when all is well. */
  readonly problems: readonly string[];
  /** Sent, not written, and inside a reported gap. */
  readonly lost: readonly SentItem[];
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly symbols: readonly string[] }[];
}

/**
 * Holds what a feed's topics say against what its server sent: each trade is there once, with its digits, or was sent inside a
 * gap; each identity is there once, with no sequence missing; order and counts are right; no secret is in a record.
 */
export function miniLedger(sent: readonly SentItem[], records: FeedRecords, options: LedgerOptions): MiniLedger {
  const gaps = records.events
    .filter((event) => event.event === 'gap')
    .map(({ gap_from, gap_to, symbols }) => ({ from: gap_from ?? NaN, to: gap_to ?? NaN, symbols }));
  const written = match(sent, records);
  const missing = sent.filter((item) => !written.found.has(item.number));
  const inGap = ({ at, symbol }: SentItem): boolean =>
    gaps.some(
      ({ from, to, symbols }) =>
        at >= from && at < to && (symbol === null || symbols.length === 0 || symbols.includes(symbol)),
    );
  const problems = [
    ...written.problems,
    ...missing.filter((item) => !inGap(item)).map((item) => `${named(item)} is neither written nor in a gap`),
    ...(options.overlapping === true ? [] : holes(sent, written.found)),
    ...identities(records),
    ...order(records, options),
    ...counts(records, options),
    ...gaps.filter(({ from, to }) => !(from < to)).map(({ from, to }) => `a gap runs from ${from} to ${to}`),
    ...secrets(records, options.secrets),
  ];
  return { problems, lost: missing.filter(inGap), gaps };
}

const named = ({ number, kind, connection }: SentItem): string =>
  `${kind} ${number}, sent on connection ${connection},`;

/** The numbers of what was written, each with the connection_id under which it is. */
function match(
  sent: readonly SentItem[],
  { trades, refused }: FeedRecords,
): { found: ReadonlyMap<number, number>; problems: string[] } {
  const problems: string[] = [];
  const found = new Map<number, number>();
  const byNumber = new Map(sent.map((item) => [item.number, item]));
  const byPayload = new Map(sent.map((item) => [item.payload, item]));
  const enter = (item: SentItem, id: number): void => {
    if (found.has(item.number)) problems.push(`${named(item)} is written more than once`);
    found.set(item.number, id);
  };
  for (const trade of trades) {
    const item = byNumber.get(Number(trade.volume));
    if (item?.kind !== 'trade') problems.push(`a trade of volume ${trade.volume} was written and never sent`);
    else {
      if (trade.price !== item.price || trade.symbol !== item.symbol)
        problems.push(
          `${named(item)} with ${item.symbol} ${item.price} is written with ${trade.symbol} ${trade.price}`,
        );
      enter(item, trade.connection_id);
    }
  }
  for (const { payload, sequence, connection_id } of refused) {
    const item = byPayload.get(payload);
    const kind = sequence === null ? 'refused-frame' : 'refused-trade';
    if (item?.kind !== kind)
      problems.push(`trades-dlq holds a ${kind} that was not sent as one: ${payload.slice(0, 100)}`);
    else enter(item, connection_id);
  }
  return { found, problems };
}

/** Of what a connection sent, a first part is written and a last part is not: with a hole in the middle something was dropped. */
function holes(sent: readonly SentItem[], found: ReadonlyMap<number, number>): string[] {
  const problems: string[] = [];
  for (const [connection, items] of groupedBy(sent, (item) => item.connection)) {
    const ids = new Set(items.flatMap(({ number }) => found.get(number) ?? []));
    if (ids.size > 1) problems.push(`connection ${connection} is written as ${[...ids].join(' and ')}`);
    const first = items.findIndex(({ number }) => !found.has(number));
    const after = first < 0 ? undefined : items.slice(first).find(({ number }) => found.has(number));
    const hole = items[first];
    if (hole !== undefined && after !== undefined)
      problems.push(`${named(hole)} is not written although ${after.number} of the same connection, sent later, is`);
  }
  return problems;
}

function identities({ trades, refused }: FeedRecords): string[] {
  const problems: string[] = [];
  const numbered = [...trades, ...refused.filter(({ sequence }) => sequence !== null)];
  for (const [id, records] of groupedBy(numbered, ({ connection_id }) => connection_id)) {
    const sequences = records.map(({ sequence }) => sequence ?? 0).sort((a, b) => a - b);
    const wrong = sequences.findIndex((sequence, i) => sequence !== i + 1);
    if (wrong >= 0) problems.push(`connection_id ${id} has sequence ${sequences[wrong]} where ${wrong + 1} should be`);
  }
  return problems;
}

/** Which of a feed's tasks a connection_id is of. */
const taskOf = (id: number): number => id % 1000;

function order({ trades, events }: FeedRecords, { tasks }: LedgerOptions): string[] {
  const problems: string[] = [];
  for (const [symbol, list] of groupedBy(trades, (trade) => trade.symbol)) {
    const back = list.find((trade, i) => Number(trade.volume) <= Number(list[i - 1]?.volume ?? 0));
    if (back !== undefined) problems.push(`trade ${Number(back.volume)} of ${symbol} stands after a later one`);
  }
  const connected = events.filter(({ event }) => event === 'connected').map(({ connection_id }) => connection_id);
  for (const ids of groupedBy(connected, (id) => (tasks === undefined ? 0 : taskOf(id))).values())
    ids.forEach((id, i) => {
      if (id <= (ids[i - 1] ?? 0)) problems.push(`connection_id ${id} comes after ${ids[i - 1]}`);
    });
  for (const id of new Set(trades.map(({ connection_id }) => connection_id)))
    if (!connected.includes(id)) problems.push(`connection_id ${id} has trades and no event connected`);
  return problems;
}

function counts({ trades, refused, events }: FeedRecords, { tasks }: LedgerOptions): string[] {
  const problems: string[] = [];
  const tradesOf = groupedBy(trades, ({ connection_id }) => connection_id);
  const refusedOf = groupedBy(refused, ({ connection_id }) => connection_id);
  const ids = events.map(({ connection_id }) => connection_id);
  // A task that is no more has closed all of its connections.
  const open = Array.from({ length: tasks ?? 1 }, (_, task) =>
    Math.max(0, ...ids.filter((id) => tasks === undefined || taskOf(id) === task)),
  );
  for (const [id, list] of groupedBy(events, ({ connection_id }) => connection_id)) {
    const dlq = refusedOf.get(id) ?? [];
    const actual = {
      trades: tradesOf.get(id)?.length ?? 0,
      refused: dlq.filter(({ sequence }) => sequence !== null).length,
      refused_frames: dlq.filter(({ sequence }) => sequence === null).length,
    };
    const names = ['trades', 'refused', 'refused_frames'] as const;
    list.forEach((event, i) => {
      const at = `${event.event} of connection_id ${id}`;
      if (event.last_sequence !== event.trades + event.refused)
        problems.push(`${at}: last_sequence ${event.last_sequence} is not ${event.trades} + ${event.refused}`);
      for (const name of names) {
        if (event[name] < (list[i - 1]?.[name] ?? 0)) problems.push(`${at}: ${name} went down to ${event[name]}`);
        if (event.closed ? event[name] !== actual[name] : event[name] > actual[name])
          problems.push(
            `${at}: says ${event[name]} ${name}${event.closed ? ' at its end' : ''}, ${actual[name]} are written`,
          );
      }
    });
    const ends = list.filter(({ closed }) => closed).length;
    if (ends > 1 || (ends === 0 && !open.includes(id))) problems.push(`connection_id ${id} has ${ends} last counts`);
  }
  return problems;
}

function secrets(records: FeedRecords, texts: readonly string[]): string[] {
  return Object.entries(records).flatMap(([topic, list]: [string, readonly object[]]) =>
    list.some((record) => texts.some((text) => JSON.stringify(record).includes(text)))
      ? [`a record of ${topic} holds a secret`]
      : [],
  );
}

function groupedBy<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group === undefined) groups.set(key(value), [value]);
    else group.push(value);
  }
  return groups;
}
