import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestStack } from '../test-stack.ts';
import { jdkOf } from './worker.ts';

/** The JDK's own library for class files, which the agent uses. */
const EXPORTS = '--add-exports=java.base/jdk.internal.org.objectweb.asm=ALL-UNNAMED';

/** A wall clock for the source's classes in a worker, which a scenario moves; Kafka's own clocks go on as they are. */
export class MovableClock {
  /** Options with which a worker's virtual machine runs on this clock. */
  readonly jvm: readonly string[];
  private readonly file: string;

  constructor({ stack }: TestStack) {
    const tool = (name: string, ...args: string[]): void => {
      execFileSync(join(jdkOf(stack), 'bin', name), args, { stdio: ['ignore', 'ignore', 'inherit'] });
    };
    const sources = join(stack.root, 'test', 'support', 'source', 'clock');
    const classes = stack.dir('run', 'clock');
    const jar = join(classes, 'clock.jar');
    const manifest = join(classes, 'manifest.txt');
    // A warning is given for the internal library, which is what is wanted here.
    tool(
      'javac',
      '-nowarn',
      '-XDignore.symbol.file',
      EXPORTS,
      '-d',
      classes,
      join(sources, 'MovableClock.java'),
      join(sources, 'ClockAgent.java'),
    );
    writeFileSync(manifest, 'Premain-Class: ClockAgent\n');
    tool('jar', '--create', '--file', jar, '--manifest', manifest, '-C', classes, '.');
    this.file = join(classes, 'offset');
    this.jvm = [EXPORTS, `-javaagent:${jar}=${this.file}`];
    this.set(0);
  }

  /** How far it is from the machine's clock, in milliseconds; it follows within some hundredths of a second. */
  set(offsetMs: number): void {
    const partial = `${this.file}.partial`;
    writeFileSync(partial, String(offsetMs));
    renameSync(partial, this.file);
  }
}
