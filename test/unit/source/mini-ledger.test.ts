import { expect } from 'chai';
import type { TopicValues } from '../../../tasks/src/lib/contracts.ts';
import { miniLedger, type FeedRecords } from '../../support/source/mini-ledger.ts';
import { priceOf, type SentItem } from '../../support/source/sent-log.ts';

type Trade = TopicValues['trades'];
type FeedEvent = TopicValues['feed-events'];
type Refused = TopicValues['trades-dlq'];

const FIRST = 1_000_000;
const SECOND = 2_000_000;

const sentTrade = (number: number, connection: number, at: number): SentItem => ({
  number,
  kind: 'trade',
  symbol: number % 2 === 0 ? 'EVEN' : 'ODD',
  price: priceOf(number),
  payload: null,
  connection,
  at,
});

const trade = (number: number, connection_id: number, sequence: number): Trade => ({
  symbol: number % 2 === 0 ? 'EVEN' : 'ODD',
  price: priceOf(number),
  volume: `${number}.00000000`,
  event_time: 1,
  received_at: 1,
  feed: 'test',
  connection_id,
  sequence,
  frame: sequence,
  position: 0,
  venue_trade_id: null,
  conditions: [],
});

const event = (kind: string, connection_id: number, values: Partial<FeedEvent> = {}): FeedEvent => ({
  feed: 'test',
  connection_id,
  event: kind,
  occurred_at: 1,
  reason: null,
  symbols: [],
  gap_from: null,
  gap_to: null,
  first_missing_id: null,
  last_missing_id: null,
  frames: 0,
  trades: 0,
  refused: 0,
  refused_frames: 0,
  last_sequence: 0,
  closed: false,
  ...values,
});

const refusal = (payload: string, connection_id: number, sequence: number | null): Refused => ({
  feed: 'test',
  connection_id,
  sequence,
  frame: 1,
  position: sequence === null ? null : 0,
  received_at: 1,
  reason: 'BAD_PRICE',
  detail: '',
  payload,
});

/** Two connections: trades 1 to 4, a bad one and a bad frame on the first, 9 and 10 on the second; 7 and 8 were lost in between. */
const SENT: readonly SentItem[] = [
  ...[1, 2, 3, 4].map((number) => sentTrade(number, 1, 100)),
  { ...sentTrade(5, 1, 100), kind: 'refused-trade', price: null, payload: 'bad trade' },
  { ...sentTrade(6, 1, 100), kind: 'refused-frame', symbol: null, price: null, payload: 'bad frame' },
  ...[7, 8].map((number) => sentTrade(number, 1, 200)),
  ...[9, 10].map((number) => sentTrade(number, 2, 300)),
];

const WHOLE: FeedRecords = {
  trades: [...[1, 2, 3, 4].map((n) => trade(n, FIRST, n)), trade(9, SECOND, 1), trade(10, SECOND, 2)],
  refused: [refusal('bad trade', FIRST, 5), refusal('bad frame', FIRST, null)],
  events: [
    event('connected', FIRST),
    event('subscribed', FIRST),
    event('counts', FIRST, { trades: 2, last_sequence: 2 }),
    event('disconnected', FIRST, { trades: 4, refused: 1, refused_frames: 1, last_sequence: 5, closed: true }),
    event('connected', SECOND),
    event('gap', SECOND, { gap_from: 150, gap_to: 250 }),
    event('counts', SECOND, { trades: 2, last_sequence: 2 }),
  ],
};

const problems = (change: Partial<FeedRecords>, secrets: readonly string[] = ['token']): readonly string[] =>
  miniLedger(SENT, { ...WHOLE, ...change }, { secrets }).problems;

const events = (change: (event: FeedEvent) => FeedEvent | undefined): Partial<FeedRecords> => ({
  events: WHOLE.events.flatMap((each) => change(each) ?? []),
});

describe('the ledger of a failure scenario', () => {
  it('finds nothing wrong where all is well, and names what the gap explains', () => {
    const { problems: found, lost } = miniLedger(SENT, WHOLE, { secrets: ['token'] });
    expect(found).to.deep.equal([]);
    expect(lost.map(({ number }) => number)).to.deep.equal([7, 8]);
  });

  const doctored: readonly (readonly [string, Partial<FeedRecords>, RegExp])[] = [
    ['a lost trade', { trades: WHOLE.trades.slice(0, -1) }, /trade 10.*neither written nor in a gap/],
    ['a doubled trade', { trades: [...WHOLE.trades, trade(10, SECOND, 3)] }, /trade 10.*more than once/],
    ['a trade that nobody sent', { trades: [...WHOLE.trades, trade(99, SECOND, 3)] }, /volume 99.* never sent/],
    [
      'a rounded price',
      { trades: WHOLE.trades.map((t) => (t.sequence === 3 ? { ...t, price: '1.0' } : t)) },
      /trade 3.*is written with ODD 1\.0/,
    ],
    [
      'a refused trade that is nowhere',
      { refused: WHOLE.refused.slice(1) },
      /refused-trade 5.*neither written nor in a gap/,
    ],
    ['a bad frame that is nowhere', { refused: WHOLE.refused.slice(0, 1) }, /refused-frame 6.*neither written/],
    [
      'a good trade in the dead-letter topic',
      { refused: [...WHOLE.refused, refusal('good', SECOND, 3)] },
      /trades-dlq holds a refused-trade that was not sent as one/,
    ],
    [
      'a gap that ends too early',
      events((e) => (e.event === 'gap' ? { ...e, gap_to: 200 } : e)),
      /trade 7.*neither written nor in a gap/,
    ],
    [
      'a gap of another symbol',
      events((e) => (e.event === 'gap' ? { ...e, symbols: ['ODD'] } : e)),
      /trade 8.*neither written nor in a gap/,
    ],
    ['an empty gap', events((e) => (e.event === 'gap' ? { ...e, gap_from: 250 } : e)), /a gap runs from 250 to 250/],
    [
      'a hole in a connection, though a gap covers it',
      {
        trades: WHOLE.trades.filter(({ sequence }) => sequence !== 2),
        ...events((e) => (e.event === 'gap' ? { ...e, gap_from: 0 } : e)),
      },
      /trade 2.*sent later/,
    ],
    [
      'a sequence that is missing',
      { trades: WHOLE.trades.map((t) => (t.sequence === 4 ? { ...t, sequence: 6 } : t)) },
      /connection_id 1000000 has sequence 5 where 4 should be/,
    ],
    [
      'an identity given twice',
      { trades: WHOLE.trades.map((t) => (t.sequence === 4 ? { ...t, sequence: 3 } : t)) },
      /sequence 3 where 4 should be/,
    ],
    ["a symbol's trades out of order", { trades: [...WHOLE.trades].reverse() }, /stands after a later one/],
    [
      'a connection_id that runs backwards',
      { events: [event('connected', SECOND + 1), ...WHOLE.events] },
      /connection_id 1000000 comes after 2000001/,
    ],
    [
      'a connection that nobody announced',
      events((e) => (e.event === 'connected' ? undefined : e)),
      /no event connected/,
    ],
    [
      'last counts that are wrong',
      events((e) => (e.closed ? { ...e, trades: 5, last_sequence: 6 } : e)),
      /says 5 trades at its end, 4 are written/,
    ],
    [
      'counts ahead of what is written',
      events((e) => (e.event === 'counts' ? { ...e, trades: 7, last_sequence: 7 } : e)),
      /says 7 trades, 2 are written/,
    ],
    [
      'a connection with no last counts',
      events((e) => (e.closed ? undefined : e)),
      /connection_id 1000000 has 0 last counts/,
    ],
    [
      'a secret',
      { refused: WHOLE.refused.map((r) => ({ ...r, detail: 'the token is no JSON' })) },
      /a record of refused holds a secret/,
    ],
  ];
  for (const [what, change, message] of doctored)
    it(`finds ${what}`, () => {
      expect(problems(change).join('\n')).to.match(message);
    });

  describe('of a feed with several tasks', () => {
    /** The second connection is of another task, and began before the first. */
    const ofTask = (task: number): FeedRecords => {
      const other = SECOND - 1_500_000 + task;
      const moved = <T extends { connection_id: number }>(list: readonly T[]): T[] =>
        list.map((each) => (each.connection_id === SECOND ? { ...each, connection_id: other } : each));
      return { trades: moved(WHOLE.trades), events: moved(WHOLE.events), refused: moved(WHOLE.refused) };
    };
    const problemsOf = (records: FeedRecords, tasks: number): readonly string[] =>
      miniLedger(SENT, records, { secrets: [], tasks }).problems;

    it('lets the ids of each grow for themselves', () => {
      expect(problemsOf(ofTask(1), 2)).to.deep.equal([]);
      expect(problemsOf(ofTask(0), 2).join()).to.match(/connection_id 500000 comes after 1000000/);
    });

    it('finds that a task that is no more has left a connection with no last counts', () => {
      expect(problemsOf(ofTask(1), 1)).to.deep.equal(['connection_id 500001 has 0 last counts']);
    });
  });
});
