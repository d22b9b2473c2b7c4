import { z } from 'zod';
import type { Log } from '../log.ts';

const line = z.object({ info: z.object({ name: z.string(), level: z.string(), msg: z.string() }) });

/** Takes what dbt prints, one JSON object a line, into our log, and keeps its last errors for when it leaves no results. */
export class DbtLog {
  private readonly log: Log;
  private readonly errors: string[] = [];

  constructor(log: Log) {
    this.log = log;
  }

  take(text: string): void {
    const { level, message } = read(text);
    if (message === '') return;
    if (level === 'error' || level === 'python') this.errors.push(message);
    if (level === 'error') this.log.error(message);
    else if (level === 'info') this.log.info(message);
    else this.log.warn(message);
  }

  lastErrors(): string {
    return this.errors.slice(-5).join('\n');
  }
}

/** What is no such line comes from Python itself: a warning, or why dbt did not even start. */
function read(text: string): { level: string; message: string } {
  try {
    const parsed = line.safeParse(JSON.parse(text));
    if (parsed.success) {
      const { name, level, msg } = parsed.data.info;
      // That a model or test starts says nothing that its end does not.
      return { level, message: name === 'LogStartLine' ? '' : msg.trim() };
    }
  } catch {
    // No JSON.
  }
  return { level: 'python', message: text.trim() };
}
