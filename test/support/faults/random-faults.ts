import type { FaultStack } from './fault-stack.ts';
import { pause } from './process-faults.ts';
import type { Link, Links } from './links.ts';
import type { BreakKind } from './proxy.ts';
import { pick } from './random.ts';

export interface RandomFault {
  readonly name: string;
  act(): Promise<unknown>;
}

export interface Choices {
  readonly stack: FaultStack;
  readonly links: Links;
  readonly engines: readonly string[];
  readonly broken: readonly Link[];
}

const KINDS: readonly BreakKind[] = ['cut', 'silent', 'half-open'];

/**
 * The next fault, by the numbers that `random` gives and nothing else: half of them are kills, of one engine or of two. The
 * stack has a moment to get well between two of them, or none.
 */
export function nextFault(random: () => number, { stack, links, engines, broken }: Choices): RandomFault {
  const what = random();
  const seconds = 1 + Math.floor(random() * 20);
  const engine = pick(random, engines);
  const other = pick(random, engines);
  const link = pick(random, broken);
  const kind = pick(random, KINDS);
  if (what < 0.35) return { name: `kill ${engine}`, act: () => stack.kill(engine) };
  if (what < 0.5) return { name: `kill ${engine}, ${other}`, act: () => stack.kill(...new Set([engine, other])) };
  if (what < 0.7) return { name: `freeze ${engine} ${seconds} s`, act: () => stack.freeze(seconds, engine) };
  return {
    name: `${kind} ${link.join(' -> ')} ${seconds} s`,
    act: () => links.whileBroken(link, kind, () => pause(seconds)),
  };
}
