/**
 * MP3 export of a long session: its speed beside `lame` on the same sound, memory, and how long the thread that carries
 * the voices stands still meanwhile.
 *
 *   npm run bench:export -- [--minutes 180]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openAuditLog } from '../src-main/audit/audit-log.ts';
import { startExport } from '../src-main/audit/export/start-export.ts';
import { lockHome } from '../src-main/audit/store/home-lock.ts';
import type { ExportFormat } from '../src-preload/export-formats.ts';
import { speech } from '../tests/support/speech.ts';
import { EventScript } from '../tests/support/turns.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '180' }, export: { type: 'string' }, home: { type: 'string' } },
});
const minutes = Number(values.minutes);
const TURN_MS = 30_000;
const LAME_SHARE = 0.6;
const STALL_MS = 15;
const MEMORY_MIB = 200;

if (values.export && values.home) await exportAlone(values.export as ExportFormat, values.home);
else await compare();

async function compare(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
  try {
    console.log(`${minutes} minutes, ${await fill(home)} turns`);
    timed('csv', home);
    // The floor: a process that exports no sound, and has been started once.
    timed('csv', home);
    timed('wav', home);
    const exportMs = timed('mp3', home);
    timed('zip', home);
    const lameMs = lame(home);
    if (lameMs === null) return console.log('lame is not installed: no comparison');
    const ratio = lameMs / exportMs;
    console.log(`lame: ${speedOf(lameMs)}; ours at ${ratio.toFixed(2)} of its speed (at least ${LAME_SHARE} wanted)`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

interface Measured {
  readonly elapsedMs: number;
  readonly stallMs: number;
  readonly stallP99Ms: number;
  readonly peakMib: number;
}

/** In a process of its own, so that its memory is its own. */
async function exportAlone(format: ExportFormat, home: string): Promise<void> {
  const stall = monitorEventLoopDelay({ resolution: 1 });
  const started = performance.now();
  stall.enable();
  const request = {
    home,
    selection: { sessionIds: ['session-1'] },
    format,
    track: 'both',
    replace: true,
    appVersion: 'bench',
  } as const;
  const out = join(home, `session.${format}`);
  await startExport({ ...request, out }, { progress: () => {}, signal: new AbortController().signal });
  const measured: Measured = {
    elapsedMs: performance.now() - started,
    stallMs: stall.max / 1e6,
    stallP99Ms: stall.percentile(99) / 1e6,
    peakMib: process.resourceUsage().maxRSS / 1024,
  };
  console.log(JSON.stringify(measured));
}

/** A session in which somebody speaks and is answered every half minute. @returns how many turns */
async function fill(home: string): Promise<number> {
  const lock = lockHome(home);
  const log = openAuditLog(lock, {
    appVersion: 'bench',
    onFault: (fault) => {
      throw fault;
    },
  });
  const user = await speech('Tell me what is on the radio today, and what will be on tomorrow in the evening.');
  const agent = await speech(
    'There is a play in the afternoon, then the news, and a concert in the evening. Tomorrow there is a lecture on the ' +
      'history of wireless telegraphy, and after that two hours of music from all over the world.',
  );
  const turns = (minutes * 60_000) / TURN_MS;
  for (let turn = 0; turn < turns; turn++) {
    const turnId = `turn-${turn}`;
    const at = Date.UTC(2026, 10, 3) + turn * TURN_MS;
    const script = new EventScript(log.record, 'session-1', at);
    script.begin(turnId);
    script.emit({ type: 'phase_changed', turnId, phase: 'recording' });
    script.emit({ type: 'audio_captured', turnId, samples: user });
    const later = new EventScript(log.record, 'session-1', at + user.length / 24 + 500);
    later.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: 'What is on the radio?' });
    later.emit({ type: 'phase_changed', turnId, phase: 'thinking' });
    later.emit({ type: 'agent_audio_generated', turnId, samples: agent, text: 'There is a play.' });
    later.emit({ type: 'phase_changed', turnId, phase: 'speaking' });
    later.emit({ type: 'agent_speech_heard', turnId, heardSamples: agent.length, heardText: 'There is a play.' });
    new EventScript(log.record, 'session-1', at + TURN_MS - 1_000).end(turnId, 'completed');
  }
  log.close();
  lock.release();
  return turns;
}

/** @returns milliseconds */
function timed(format: ExportFormat, home: string): number {
  const args = [import.meta.filename, '--export', format, '--home', home];
  // As the set-up has it: what Node makes of the sources is kept from the first start on.
  const env = { ...process.env, NODE_COMPILE_CACHE: join(home, 'compiled') };
  const measured = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env }));
  const { elapsedMs, stallMs, stallP99Ms, peakMib } = measured as Measured;
  const size = statSync(join(home, `session.${format}`)).size / 2 ** 20;
  console.log(
    `${format}: ${speedOf(elapsedMs)}, ${size.toFixed(0)} MiB;` +
      ` peak memory ${peakMib.toFixed(0)} MiB (${(peakMib / MEMORY_MIB).toFixed(2)} of ${MEMORY_MIB});` +
      ` event loop p99 ${stallP99Ms.toFixed(1)} ms, longest ${stallMs.toFixed(1)} ms (${(stallMs / STALL_MS).toFixed(2)} of ${STALL_MS})`,
  );
  return elapsedMs;
}

/** @returns milliseconds; null when it is not installed */
function lame(home: string): number | null {
  const start = performance.now();
  try {
    execFileSync('lame', ['--silent', '--cbr', '-b', '96', join(home, 'session.wav'), join(home, 'lame.mp3')]);
    return performance.now() - start;
  } catch {
    return null;
  }
}

function speedOf(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(1)} s, ${((minutes * 60_000) / elapsedMs).toFixed(0)} × real time`;
}
