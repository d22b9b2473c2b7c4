import { join } from 'node:path';
import { expect } from 'chai';
import { allCandlesOf, averagesShown, readRecording, type RecordedTrade } from './oracle.ts';
import { readAverages, readCandles, type KafkaTrade } from './read-back.ts';
import { comesToRest, notInKafka, readSentLog, replayIs, SYMBOL } from './replay.ts';
import { laterGaps, recordingOf, TestStack } from './test-stack.ts';

/** The week in forty seconds. */
const SPEED = '15000';

/** What holds after a kill of one engine in the middle of a replay, on a stack of its own. */
export function midReplayPromises(victim: 'connect' | 'flink-taskmanager'): void {
  describe(`a kill of ${victim} in the middle of a replay`, () => {
    const test = new TestStack(21_000);
    const sentLog = join(test.stack.home, 'sent.log');
    let recording: RecordedTrade[];
    let trades: KafkaTrade[];

    before(async () => {
      recording = await readRecording(recordingOf(test.stack));
      await test.mustRun(
        'start',
        '--lane',
        'speed',
        '--align',
        'recorded',
        '--speed',
        SPEED,
        '--sent-log',
        sentLog,
        '--engines-only',
      );
      for (const task of [['start-stream', '--feed=replay'], ['sync-flink']]) {
        const { code, errors } = await test.task(...task);
        expect(code, errors.join('\n')).to.equal(0);
      }
      await replayIs(test, 'a fifth of the week to be sent', ({ sent }) => sent > 20_000);
      // The hardest moment for the worker: its open transaction must not hold its successor up until it times out.
      await (victim === 'connect' ? test.killInTransaction(victim, 'trades') : test.kill(victim));
      await replayIs(test, 'the end of the week', ({ done }) => done);
      trades = await comesToRest(test);
    });

    after(() => test.remove());

    it('leaves every sent trade in Kafka once, or sent within a reported gap', async () => {
      const gaps = laterGaps(await test.ledger());
      const inGap = (at: number): boolean => gaps.some((gap) => at >= Date.parse(gap.from) && at < Date.parse(gap.to));
      const lost = notInKafka(readSentLog(sentLog), trades, recording);
      expect(lost.filter(({ at }) => !inGap(at))).to.deep.equal([]);
      if (victim === 'connect') expect(gaps).to.have.length(1);
      else expect([gaps, lost]).to.deep.equal([[], []]);
    });

    it("makes the candles and averages that the oracle makes of Kafka's trades", async () => {
      expect(await readCandles(test, SYMBOL)).to.deep.equal(allCandlesOf(trades));
      const averages = await readAverages(test, SYMBOL);
      expect(averages).to.deep.equal(averagesShown(trades, averages));
    });

    it('balances the ledger', async () => {
      const ledger = await test.ledger();
      expect(ledger.problems).to.deep.equal([]);
      expect(ledger.balanced).to.equal(true);
    });
  });
}
