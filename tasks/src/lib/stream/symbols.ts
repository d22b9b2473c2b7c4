import { z } from 'zod';
import { RatehouseError } from '../error.ts';
import type { ConnectorConfig } from './connect.ts';

/** Names the symbols of every feed: key the feed, value a JSON array. The source reads it, so that symbols change while it runs. */
export const SYMBOLS_TOPIC = 'feed-symbols';

/**
 * The symbols of a list that is separated by commas, each once.
 * @param where the option or file that holds the list, for the message
 */
export function listedSymbols(list: string, where: string): readonly string[] {
  const symbols = [...new Set(list.split(',').map((symbol) => symbol.trim()))];
  if (symbols.includes('')) {
    throw new RatehouseError(
      'RATEHOUSE_USAGE',
      `${where} must name one symbol or more, separated by commas, none of them blank; found "${list}".`,
    );
  }
  return symbols;
}

/** The symbols of a record of the topic; undefined when it names none. The source passes over such a record too. */
export function recordedSymbols(value: Buffer | null): readonly string[] | undefined {
  try {
    return z
      .array(z.string().min(1))
      .min(1)
      .parse(JSON.parse(value?.toString('utf8') ?? 'null'));
  } catch {
    return undefined;
  }
}

/**
 * What the connector gets: a feed's file with the topic of symbols in place of its own list. Kafka Connect restarts a connector's
 * tasks at any change of its configuration, so what is to change while they run must not be in it.
 */
export function withSymbolsTopic(source: ConnectorConfig, brokers: readonly string[]): ConnectorConfig {
  return {
    ...Object.fromEntries(Object.entries(source).filter(([name]) => name !== 'feed.symbols')),
    'feed.symbols.topic': SYMBOLS_TOPIC,
    'feed.symbols.bootstrap.servers': brokers.join(','),
  };
}

/** What a task has to do when its symbols become others. */
export interface SymbolsChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export function symbolsChange(former: readonly string[], wanted: readonly string[]): SymbolsChange {
  return {
    added: wanted.filter((symbol) => !former.includes(symbol)),
    removed: former.filter((symbol) => !wanted.includes(symbol)),
  };
}

/** What of an event is needed to see a change through. */
export interface SymbolsEvent {
  readonly event: string;
  readonly symbols: readonly string[];
  readonly reason: string | null;
}

export interface Refusal {
  /** Empty when the venue did not say which. */
  readonly symbols: readonly string[];
  readonly reason: string;
}

/** Sees by the events of a feed, from before a change was asked for, when the change is done. */
export class SymbolsTaken {
  private readonly missing: Set<string>;
  private readonly leftOver: Set<string>;
  private readonly refusals = new Map<string, Refusal>();

  constructor({ added, removed }: SymbolsChange) {
    this.missing = new Set(added);
    this.leftOver = new Set(removed);
  }

  accept({ event, symbols, reason }: SymbolsEvent): void {
    if (event === 'subscribed') for (const symbol of symbols) this.missing.delete(symbol);
    else if (event === 'unsubscribed') for (const symbol of symbols) this.leftOver.delete(symbol);
    // A connection that begins anew subscribes to what is wanted, or hears of the change right after.
    else if (event === 'connected') this.leftOver.clear();
    else if (event === 'refused') this.refuse({ symbols, reason: reason ?? 'no reason given' });
  }

  private refuse(refusal: Refusal): void {
    this.refusals.set(JSON.stringify(refusal), refusal);
    for (const symbol of refusal.symbols) this.missing.delete(symbol);
    // A venue that does not say which symbol it means says no more than this of those that are open.
    if (refusal.symbols.length === 0) this.missing.clear();
  }

  /** Symbols of which nothing has been heard yet. */
  get open(): readonly string[] {
    return [...this.missing, ...this.leftOver];
  }

  get refused(): readonly Refusal[] {
    return [...this.refusals.values()];
  }
}
