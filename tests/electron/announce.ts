/** Says once, before the tests, why those in Electron itself do not run. */
import { WHY_NO_ELECTRON } from './binary.ts';

export default function announce(): void {
  if (WHY_NO_ELECTRON) process.stderr.write(`The tests in Electron itself are skipped: ${WHY_NO_ELECTRON}.\n`);
}
