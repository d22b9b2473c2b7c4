import type { BronzeConnection, KnownConnection } from './bronze-book.ts';
import type { Problem, ProblemKind } from './report.ts';
import { around, coordinatesText, missing, rangeSize, rangeText, shared, without } from './sequence-set.ts';

/** What is wrong with a connection's identities in bronze and on their way there; see BronzeBook.problems. */
export function bronzeProblems(connection: BronzeConnection, known: KnownConnection | undefined): readonly Problem[] {
  const { bronze, flight, doubled } = connection;
  const problems: Problem[] = [];
  const say = (kind: ProblemKind, what: string, where: Partial<Problem>): void => {
    problems.push({
      stage: 'bronze',
      kind,
      message: `${connection.feed}, connection ${connection.id}: ${what}`,
      feed: connection.feed,
      connection_id: connection.id,
      ...where,
    });
  };
  const counts = known?.counts ?? connection.counts;
  const closed = known?.counts === undefined ? (connection.counts?.closed ?? false) : known.closed;
  if (counts === undefined && known?.isNew !== true) {
    const total = bronze.trade.size + bronze.refused.size + bronze.frame.size;
    const first = bronze.trade.runs[0] ?? bronze.refused.runs[0] ?? bronze.frame.runs[0];
    if (first !== undefined)
      say('unknown_connection', `has ${total} records in bronze and no event at all`, {
        from: first.from,
        to: first.to,
        at: [coordinatesText(first.first)],
        expected: 0,
        found: total,
      });
  }
  for (const run of doubled) {
    const what = run.kind === 'frame' ? 'refused frame' : run.kind === 'refused' ? 'refused sequence' : 'sequence';
    say('doubled', `${what} ${rangeText(run)} is there more than once`, {
      from: run.from,
      to: run.to,
      at: run.from === run.to ? [coordinatesText(run.first)] : [coordinatesText(run.first), coordinatesText(run.last)],
    });
  }
  for (const [a, b] of [
    [bronze.trade, bronze.refused],
    [bronze.trade, flight.refused],
    [bronze.refused, flight.trade],
  ] as const)
    for (const range of shared(a, b))
      say('in_both_topics', `sequence ${rangeText(range)} is a trade and a refused one`, around(a, range));
  for (const [a, b] of [
    [bronze.trade, flight.trade],
    [bronze.refused, flight.refused],
    [bronze.frame, flight.frame],
  ] as const)
    for (const range of shared(a, b))
      say('doubled', `${rangeText(range)} is there, and in Kafka once more, above what it holds`, around(b, range));
  const highest = Math.max(counts?.last_sequence ?? 0, bronze.trade.highest, bronze.refused.highest);
  for (const range of missing(1, highest, bronze.trade, bronze.refused, flight.trade, flight.refused)) {
    const count = rangeSize([range]);
    say(
      'missing',
      `${count === 1 ? 'sequence' : `${count} sequences,`} ${rangeText(range)} of ${highest}: neither in bronze nor in flight`,
      around(bronze.trade, range),
    );
  }
  if (counts === undefined) return problems;
  const { last_sequence: last } = counts;
  if (closed)
    for (const set of [bronze.trade, bronze.refused])
      for (const range of set.above(last))
        say(
          'after_close',
          `sequence ${rangeText(range)} is there, above the last sequence ${last} of a closed connection`,
          around(set, range),
        );
  if (known !== undefined)
    for (const [set, inKafka, held, topic] of [
      [bronze.trade, known.trades, known.heldTrades, 'trades'],
      [bronze.refused, known.refused, known.heldRefused, 'trades-dlq'],
    ] as const)
      for (const range of without(set, inKafka))
        if (range.to >= held) {
          const strange = { from: Math.max(range.from, held), to: range.to };
          say('not_in_kafka', `sequence ${rangeText(strange)} is there, but not in ${topic}`, around(set, strange));
        }
  for (const [kind, name, counted, found] of [
    ['trades_differ', 'trades', counts.trades, bronze.trade.countUpTo(last) + flight.trade.countUpTo(last)],
    [
      'refused_differ',
      'refused trades',
      counts.refused,
      bronze.refused.countUpTo(last) + flight.refused.countUpTo(last),
    ],
    [
      'refused_frames_differ',
      'refused frames',
      counts.refused_frames,
      bronze.frame.countUpTo(counts.frames) + flight.frame.countUpTo(counts.frames),
    ],
  ] as const)
    if (counted !== found)
      say(kind, `counted ${counted} ${name}, but bronze and what is in flight hold ${found} of them`, {
        expected: counted,
        found,
      });
  return problems;
}
