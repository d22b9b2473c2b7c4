import { readFileSync } from 'node:fs';

/** Of Linux on x64, whatever the kernel's own tick. */
const TICKS_PER_SECOND = 100;

/** CPU seconds, in user and kernel mode, that a process with all its threads has taken since it began (proc(5), stat). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the name, which may hold anything: field 3, the state, is the first; utime and stime are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
