import type { EngineContext } from './engine.ts';
import { stackEngines, supervisorOf } from './lifecycle.ts';
import { memoryOf } from './processes.ts';
import { readStartOptions } from './start-options.ts';

export interface EngineStatus {
  readonly name: string;
  /** `ready` when it answers, `silent` when its process runs and it does not: it starts, waits, or hangs. Else supervisor's word. */
  readonly state: string;
  readonly address: string;
  readonly pid: number | null;
  readonly memory_mib: number | null;
}

export interface StackStatus {
  readonly ready: boolean;
  readonly memory_mib: number;
  readonly engines: readonly EngineStatus[];
}

export async function stackStatus(context: EngineContext): Promise<StackStatus> {
  const processes = new Map((await supervisorOf(context).status()).map((p) => [p.name, p]));
  const rows = await Promise.all(
    stackEngines(readStartOptions(context.stack)).map(async (engine): Promise<EngineStatus> => {
      const found = processes.get(engine.name);
      const up = found?.state === 'RUNNING' && (await engine.ready(context).catch(() => false));
      const process = found?.state === 'RUNNING' ? 'silent' : (found?.state ?? 'STOPPED').toLowerCase();
      return {
        name: engine.name,
        state: up ? 'ready' : process,
        address: engine.address(context.stack),
        pid: found?.pid ?? null,
        memory_mib: found?.pid === undefined ? null : Math.round(memoryOf(found.pid) / 2 ** 20),
      };
    }),
  );
  return {
    ready: rows.every((row) => row.state === 'ready'),
    memory_mib: rows.reduce((sum, row) => sum + (row.memory_mib ?? 0), 0),
    engines: rows,
  };
}

export function statusTable(status: StackStatus): string {
  const rows = [
    ['ENGINE', 'STATE', 'ADDRESS', 'PID', 'MIB'],
    ...status.engines.map((e) => [e.name, e.state, e.address, String(e.pid ?? '-'), String(e.memory_mib ?? '-')]),
    ['in all', status.ready ? 'ready' : 'not ready', '', '', String(status.memory_mib)],
  ];
  return table(rows);
}

/** Columns padded to their widest cell; cells that are numbers are set to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? '').length)));
  const cell = (text: string, i: number): string =>
    /^-?[\d.,]+$/.test(text) ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
