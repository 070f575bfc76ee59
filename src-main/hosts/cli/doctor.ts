/** `squelch doctor`: what works here, what does not, and why. */
import { resolveHome } from '../home.ts';
import { INSTALLATION } from '../installation.ts';
import { type Check, runChecks } from './doctor-checks.ts';
import { EXIT, report } from './report.ts';

export interface DoctorOptions {
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status: failed when something required does not work. */
export async function doctor({ json, home }: DoctorOptions): Promise<number> {
  const checks = await runChecks(resolveHome(home, process.env));
  const ok = checks.every((check) => check.ok || !check.required);
  report(json ?? false, { ok, version: INSTALLATION.version, checks }, checks.map(checkLine).join('\n'));
  return ok ? EXIT.done : EXIT.failed;
}

function checkLine({ name, ok, required, detail, hint }: Check): string {
  const mark = ok ? 'ok' : required ? 'FAILS' : 'without';
  return `${mark.padEnd(8)} ${name.padEnd(16)} ${detail}${hint ? ` — ${hint}` : ''}`;
}
