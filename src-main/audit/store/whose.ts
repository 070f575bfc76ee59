/**
 * Whose something temporary is, by machine and process: so what a killed process left behind can be told from what
 * another still uses.
 */
import { hostname } from 'node:os';

const MACHINE = hostname().replace(/[^\w-]/g, '_');

/** Of this process; to be part of a name. */
export const OWN_MARK = `${MACHINE}-${process.pid}`;

/** Whether nobody on this machine uses any more what bears that mark, unless this process does. */
export function isNobodys(mark: string): boolean {
  const [, machine, pid] = /^([\w-]+)-(\d+)$/.exec(mark) ?? [];
  return machine === MACHINE && !isOther(Number(pid));
}

/** Whether it runs and is not this process. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
