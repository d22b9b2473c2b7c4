import type { Recording } from './recording.ts';
import type { Schedule } from './schedule.ts';

/** Joined from texts and not by JSON.stringify: prices and volumes keep the digits they were recorded with. */
function frame(trades: readonly string[]): string {
  return `{"type":"trade","data":[${trades.join()}]}`;
}

function trade(symbol: string, time: number, price: string, volume: string): string {
  return `{"c":null,"p":${price},"s":${symbol},"t":${time},"v":${volume}}`;
}

/** The frame with the trades [first, end) of the schedule. */
export function tradeFrame(
  recording: Recording,
  symbol: string,
  schedule: Schedule,
  first: number,
  end: number,
): string {
  const name = JSON.stringify(symbol);
  const trades: string[] = [];
  for (let i = first; i < end; i += 1) {
    const { price, volume } = recording.texts(schedule.place(i));
    trades.push(trade(name, schedule.time(i), price, volume));
  }
  return frame(trades);
}

/** What a broken feed might send: no JSON, or JSON that no exchange can mean. */
export function garbageFrame(form: 'text' | 'negative-price', symbol: string, at: number): string {
  if (form === 'text') return '{"type":"trade","data":[{"c":null,"p":';
  return frame([trade(JSON.stringify(symbol), at, '-1.00', '1.00')]);
}

/** A trade that is not in the recording, with a time of its own. */
export function lateFrame(symbol: string, time: number, price: string, volume: string): string {
  return frame([trade(JSON.stringify(symbol), time, price, volume)]);
}

export const PING_FRAME = '{"type":"ping"}';

export function errorFrame(message: string): string {
  return JSON.stringify({ type: 'error', msg: message });
}
