import { z } from 'zod';
import type { VenueTrade } from './sent-log.ts';

/** What a message of the client asks for. */
export interface Request {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** How the venue says that it has taken it; undefined when it says nothing. */
  readonly answer?: string;
}

/** A venue's protocol, from its server's side. */
export interface VenueProtocol {
  read(text: string): Request;
  trade(trade: VenueTrade): string;
  /** Trades as they are sent: frame by frame. */
  frames(trades: readonly string[]): readonly string[];
}

const finnhubRequest = z.object({ type: z.enum(['subscribe', 'unsubscribe']), symbol: z.string() });

/** https://finnhub.io/docs/api/websocket-trades */
export const finnhub: VenueProtocol = {
  read(text) {
    const { type, symbol } = finnhubRequest.parse(JSON.parse(text));
    return { subscribe: [], unsubscribe: [], [type]: [symbol] };
  },
  trade: ({ symbol, price, number, time }) =>
    `{"c":null,"p":${price},"s":${JSON.stringify(symbol)},"t":${time},"v":${number}}`,
  frames: (trades) => [`{"data":[${trades.join()}],"type":"trade"}`],
};

const binanceRequest = z.object({
  method: z.enum(['SUBSCRIBE', 'UNSUBSCRIBE']),
  params: z.array(z.string().endsWith('@trade')),
  id: z.number(),
});

/** https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams, combined streams. */
export const binance: VenueProtocol = {
  read(text) {
    const { method, params, id } = binanceRequest.parse(JSON.parse(text));
    const symbols = params.map((stream) => stream.slice(0, -'@trade'.length).toUpperCase());
    return {
      subscribe: method === 'SUBSCRIBE' ? symbols : [],
      unsubscribe: method === 'UNSUBSCRIBE' ? symbols : [],
      answer: `{"result":null,"id":${id}}`,
    };
  },
  trade: ({ symbol, price, number, id, time }) =>
    `{"stream":"${symbol.toLowerCase()}@trade","data":{"e":"trade","E":${time},"s":"${symbol}","t":${id},` +
    `"p":"${price}","q":"${number}.00000000","T":${time},"m":false,"M":true}}`,
  frames: (trades) => trades,
};

/** Binance's notice that a server is about to go. */
export const SERVER_SHUTDOWN = '{"e":"serverShutdown","E":1770123456789}';
