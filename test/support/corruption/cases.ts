import { SYMBOL } from '../replay.ts';
import { FETCH, trade as historyTrade } from './history.ts';
import { inClickHouse, inKafka, inLake, type Corruption } from './hands.ts';
import { append, valuesOf } from './topics.ts';

/** A candle of the week, one of the minute after it, and how they are named. */
const LAKE_MINUTE = "window_start = TIMESTAMP '2013-11-29 12:00:00 UTC'";
const MINUTE = "window_start = '2013-11-29 12:00:00'";
const NAMED = '2013-11-29T12:00';
const WINDOW = "symbol = 'BITSTAMP:BTCUSD' AND window_minutes = 5 AND window_start = '2013-11-29 12:00:15'";

const by = (table: string, words: string): RegExp => new RegExp(`lake\\.bronze\\.${table}: snapshot.*${words}`);

/** Deletes, doubles and alters a row of a bronze table. */
function bronze(
  table: string,
  where: string,
  alter: string,
  words: string,
  also: { readonly deleted?: Corruption['named']; readonly doubled?: Corruption['named'] } = {},
): readonly Corruption[] {
  const name = `bronze.${table}`;
  const snapshots = (change: string): Corruption['named'] => ({
    bronze_snapshots: by(table, `${words}.*was ${change}`),
  });
  return [
    inLake(name, 'a row is deleted', `DELETE FROM lake.${name} WHERE ${where}`, {
      ...snapshots('removed'),
      ...also.deleted,
    }),
    inLake(name, 'a row is doubled', `INSERT INTO lake.${name} SELECT * FROM lake.${name} WHERE ${where}`, {
      ...snapshots('added'),
      ...also.doubled,
    }),
    inLake(name, 'a row is altered', `UPDATE lake.${name} SET ${alter} WHERE ${where}`, snapshots('removed')),
  ];
}

const IN_LAKE: readonly Corruption[] = [
  ...bronze('trades', 'sequence = 50000', 'price = price + 1', '"sequence":50000', {
    deleted: { ledger: /bronze: .*sequence 50000 of .*neither in bronze nor in flight/ },
    doubled: { ledger: /bronze: .*sequence 50000 is there more than once/, unique_keys: /sequence 50000 .*2 times/ },
  }),
  ...bronze('feed_events', "event = 'subscribed'", 'trades = trades + 1', '"event":"subscribed"'),
  ...bronze(
    'trades_dlq',
    'kafka_offset = (SELECT min(kafka_offset) FROM lake.bronze.trades_dlq)',
    "reason = 'BY_HAND'",
    'replay',
    {
      deleted: { ledger: /bronze: .*neither in bronze nor in flight/ },
      doubled: { ledger: /bronze: .*refused .* is there more than once/ },
    },
  ),
  ...bronze('trades_history', 'sequence = 2', 'price = price + 1', '"sequence":2', {
    deleted: { ledger: /history: .*sequence 2 of 4: neither in bronze nor in flight/ },
    doubled: { ledger: /history: .*sequence 2 is there more than once/ },
  }),
  ...bronze('coverage', `fetch_id = '${FETCH}'`, 'trade_count = trade_count + 1', FETCH, {
    doubled: { ledger: /history: .*its coverage is there more than once/ },
  }),
  inLake(
    'bronze.trades',
    'a price is altered',
    'UPDATE lake.bronze.trades SET price = price + 1 WHERE sequence = 50000',
    {
      candles: /silver\.candles_1m: .*computed from bronze/,
    },
  ),
  inLake(
    'bronze.trades_history',
    'a price is altered',
    'UPDATE lake.bronze.trades_history SET price = price + 1 WHERE sequence = 2',
    { candles: /silver\.candles_1m: .*2013-11-28T12:00.*computed from bronze/ },
  ),
  inLake('silver.candles_1m', 'a candle is deleted', `DELETE FROM lake.silver.candles_1m WHERE ${LAKE_MINUTE}`, {
    candles: new RegExp(`lake\\.silver\\.candles_1m: .*${NAMED}.* is missing`),
    ledger: new RegExp(`batch_candles: .*${NAMED}.*no candle`),
  }),
  inLake(
    'silver.candles_1m',
    'a candle is doubled',
    `INSERT INTO lake.silver.candles_1m SELECT * FROM lake.silver.candles_1m WHERE ${LAKE_MINUTE}`,
    {
      unique_keys: new RegExp(`lake\\.silver\\.candles_1m: .*${NAMED}.*2 times`),
      ledger: new RegExp(`batch_candles: .*${NAMED}.*2 candles`),
    },
  ),
  inLake(
    'silver.candles_1m',
    'a low is altered',
    `UPDATE lake.silver.candles_1m SET low = low - 1 WHERE ${LAKE_MINUTE}`,
    { candles: new RegExp(`lake\\.silver\\.candles_1m: .*${NAMED}`) },
  ),
];

const SILVER = 'silver.candles_1m_rows';
const GOLD = 'gold.candles_rows';
const AVERAGES = 'silver.moving_averages_rows';
const MACD = 'gold.macd_rows';

/** A row whose minute begins 30 seconds later: one that no trade speaks of. */
const moved = (table: string): string =>
  `INSERT INTO ${table} SELECT * REPLACE (window_start + INTERVAL 30 SECOND AS window_start) FROM (SELECT * FROM ${table} WHERE ${MINUTE})`;
const BOTH = "window_start IN ('2013-11-29 12:00:00', '2013-11-29 12:00:30')";

const IN_CLICKHOUSE: readonly Corruption[] = [
  inClickHouse(
    SILVER,
    'a candle is deleted',
    { where: MINUTE, sql: `DELETE WHERE ${MINUTE}` },
    {
      ledger: new RegExp(`stream_candles: .*${NAMED}.*no candle`),
    },
  ),
  inClickHouse(
    SILVER,
    'a count is altered downwards, as if trades had been late',
    { where: MINUTE, sql: `UPDATE trade_count = trade_count - 1 WHERE ${MINUTE}` },
    { ledger: new RegExp(`stream_candles: .*${NAMED}.*holds`) },
  ),
  inClickHouse(
    SILVER,
    'a price is altered',
    { where: MINUTE, sql: `UPDATE high = high + 1 WHERE ${MINUTE}` },
    { candles: new RegExp(`clickhouse\\.silver\\.candles_1m: .*${NAMED}`) },
  ),
  inClickHouse(
    SILVER,
    'a candle of no minute is added',
    { where: BOTH, sql: moved(SILVER) },
    {
      ledger: /stream_candles: .*2013-11-29T12:00:30/,
    },
  ),
  inClickHouse(
    AVERAGES,
    'an average is deleted',
    { where: WINDOW, sql: `DELETE WHERE ${WINDOW}` },
    {
      moving_averages: /5 minutes from 2013-11-29T12:00:15.*is missing/,
    },
  ),
  inClickHouse(
    AVERAGES,
    'an average is altered',
    { where: WINDOW, sql: `UPDATE simple = simple * 1.000001 WHERE ${WINDOW}` },
    { moving_averages: /5 minutes from 2013-11-29T12:00:15.*simple is/ },
  ),
  inClickHouse(
    AVERAGES,
    'a count is altered',
    { where: WINDOW, sql: `UPDATE trade_count = trade_count + 1 WHERE ${WINDOW}` },
    { moving_averages: /5 minutes from 2013-11-29T12:00:15.*expected/ },
  ),
  inClickHouse(
    GOLD,
    'a candle is deleted',
    { where: MINUTE, sql: `DELETE WHERE ${MINUTE}` },
    {
      candles: new RegExp(`clickhouse\\.gold\\.candles: .*${NAMED}.* is missing`),
      ledger: new RegExp(`gold: .*${NAMED}.*no candle`),
      macd: /2013-11-29T12:00.*no such bar/,
    },
  ),
  inClickHouse(
    GOLD,
    'a close is altered',
    { where: MINUTE, sql: `UPDATE close = close + 1 WHERE ${MINUTE}` },
    {
      candles: new RegExp(`clickhouse\\.gold\\.candles: .*${NAMED}`),
    },
  ),
  inClickHouse(
    GOLD,
    'a candle of no minute is added',
    { where: BOTH, sql: moved(GOLD) },
    {
      candles: /clickhouse\.gold\.candles: .*2013-11-29T12:00:30.*nothing/,
    },
  ),
  inClickHouse(
    MACD,
    'a bar is deleted',
    { where: MINUTE, sql: `DELETE WHERE ${MINUTE}` },
    {
      macd: new RegExp(`${NAMED}.*is missing`),
    },
  ),
  inClickHouse(
    MACD,
    'a signal is altered',
    { where: MINUTE, sql: `UPDATE signal = signal + 0.0001 WHERE ${MINUTE}` },
    {
      macd: new RegExp(`${NAMED}.*signal is`),
    },
  ),
  inClickHouse(
    MACD,
    'a bar of no minute is added',
    { where: BOTH, sql: moved(MACD) },
    {
      macd: /2013-11-29T12:00:30.*gold\.candles has no such bar/,
    },
  ),
  inClickHouse(
    'gold.plans',
    'a plan is deleted',
    { where: "run_id = 'first'", sql: "DELETE WHERE run_id = 'first'" },
    {
      plans: /run first: it was validated, and its plan is missing/,
    },
  ),
  inClickHouse(
    'gold.plans',
    'a plan is altered',
    {
      where: "run_id = 'second'",
      sql: `UPDATE plan = replaceRegexpOne(plan, '"offsets":\\\\{"0":[0-9]+', '"offsets":{"0":99999999') WHERE run_id = 'second'`,
    },
    { plans: /run second: its plan has seen trades-0@99999999/ },
  ),
];

const HAND = 'by-hand';

/** Last, for they stay. */
const IN_KAFKA: readonly Corruption[] = [
  inKafka(
    'trades-history',
    'a trade of history is written once more',
    (test) => append(test, ['trades-history', historyTrade(3)]),
    { ledger: /history: .*3 is there, and in Kafka once more/ },
  ),
  inKafka(
    'coverage',
    'minutes are said to be covered by trades that nobody fetched',
    (test) =>
      append(test, [
        'coverage',
        {
          symbol: SYMBOL,
          covered_from: Date.UTC(2013, 10, 29, 12),
          covered_to: Date.UTC(2013, 10, 29, 12, 1),
          trade_count: 3,
          fetch_id: HAND,
          fetched_at: Date.UTC(2013, 11, 3),
          feed: HAND,
          unavailable_reason: null,
        },
      ]),
    { ledger: /history: .*fetch by-hand: 3 sequences, 1 to 3 of 3: neither in bronze nor in flight/ },
  ),
  inKafka(
    'trades',
    'a trade is written once more',
    async (test) => {
      const last = (await valuesOf(test, 'trades')).find(({ sequence }) => sequence === 60_000);
      if (last === undefined) throw new Error('trades has no sequence 60000');
      await append(test, ['trades', last]);
    },
    { ledger: /kafka: .*sequence 60000 is there more than once/ },
  ),
  inKafka(
    'trades',
    'a trade of no connection is written',
    async (test) => {
      const [first] = await valuesOf(test, 'trades');
      if (first !== undefined) await append(test, ['trades', { ...first, feed: HAND, connection_id: 1000 }]);
    },
    { ledger: /kafka: by-hand, connection 1000: has 1 records in Kafka and no event at all/ },
  ),
  inKafka(
    'trades-dlq',
    'a refused trade is written once more',
    async (test) => {
      const [first] = await valuesOf(test, 'trades-dlq');
      if (first !== undefined) await append(test, ['trades-dlq', first]);
    },
    { ledger: /kafka: .*refused .* is there more than once/ },
  ),
  inKafka(
    'feed-events',
    'counts are written that the feed never had',
    async (test) => {
      const last = (await valuesOf(test, 'feed-events')).at(-1);
      if (last === undefined) throw new Error('feed-events is empty');
      await append(test, [
        'feed-events',
        { ...last, event: 'counts', trades: last.trades + 5, last_sequence: last.last_sequence + 5 },
      ]);
    },
    { ledger: /kafka: .*5 sequences, .*in neither trades nor trades-dlq|received: .*which were its last/ },
  ),
];

/** A few that take seconds, where a stack has played the week. */
export const quickCorruptions: readonly Corruption[] = IN_CLICKHOUSE.filter(
  ({ what }) =>
    what.startsWith('a count is altered') || what === 'an average is altered' || what === 'a signal is altered',
);

/** Each kind of change by hand, layer by layer, and who names it. */
export const corruptions: readonly Corruption[] = [...IN_LAKE, ...IN_CLICKHOUSE, ...IN_KAFKA];
