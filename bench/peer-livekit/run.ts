/**
 * Squelch beside `@livekit/agents` 1.9: the same sound, the same server, push to talk. Each side runs in a process of
 * its own. What it costs to pace the sound, given to nobody, is measured as well: no microphone needs these timers.
 * With 200 turns or more it tells what a long conversation leaves in memory.
 *
 *   npm run bench:peer -- [--turns 50]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { concatSamples, PIPELINE_RATE } from '../../src-main/audio/frame.ts';
import { encodeWav } from '../../src-main/audio/wav.ts';
import { quiet, speech } from '../../tests/support/speech.ts';
import { quantile } from '../quantile.ts';
import { startServerProcess } from '../server-process.ts';
import { installPeer, PEER_FOLDER } from './packages.ts';

interface Measured {
  /** null when the turn was lost. */
  readonly firstAudioMs: number | null;
  readonly cpuMs: number;
  readonly residentMiB: number;
}

const LATENCIES = { stt: 200, llm: 100, tts: 80 };
const FLOOR_MS = LATENCIES.stt + LATENCIES.llm + LATENCIES.tts;

const { values } = parseArgs({ options: { turns: { type: 'string', default: '50' } } });
const turns = Number(values.turns);
installPeer({ compared: true });
const folder = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
const wav = join(folder, 'take.wav');
const take = concatSamples([quiet(200), await speech('What is the weather like?'), quiet(200)]);
writeFileSync(wav, encodeWav(take, PIPELINE_RATE));

const server = await startServerProcess(LATENCIES);
const task = JSON.stringify({ baseUrl: server.baseUrl, wav, turns });
const squelch = run<Measured>(fileURLToPath(new URL('squelch.ts', import.meta.url)), task);
const peer = run<Measured>(join(PEER_FOLDER, 'driver.mjs'), task);
const pace = medianCpu(run<Pick<Measured, 'cpuMs'>>(fileURLToPath(new URL('pace.ts', import.meta.url)), task));
server.stop();
rmSync(folder, { recursive: true });

console.log(`${turns} turns each; the server takes ${FLOOR_MS} ms`);
console.log('                    p50 ms   p95 ms   added p50   CPU ms/turn   MiB at first   MiB at the end   lost');
for (const [name, measured] of [
  ['Squelch', squelch],
  ['@livekit/agents', peer],
] as const) {
  const { p50, p95, cpu, settled, resident, lost } = figures(measured);
  const cells = [
    p50.toFixed(1),
    p95.toFixed(1),
    (p50 - FLOOR_MS).toFixed(1),
    cpu.toFixed(0),
    settled.toFixed(0),
    resident.toFixed(0),
    lost,
  ];
  const widths = [10, 9, 12, 14, 15, 17, 7];
  console.log(`${name.padEnd(16)}${cells.map((cell, column) => String(cell).padStart(widths[column] ?? 0)).join('')}`);
}
const [ours, theirs] = [figures(squelch), figures(peer)];
console.log(`added latency, Squelch / peer: ${((ours.p50 - FLOOR_MS) / (theirs.p50 - FLOOR_MS)).toFixed(3)}`);
console.log(
  `CPU per turn, Squelch / peer:  ${((ours.cpu - pace) / (theirs.cpu - pace)).toFixed(3)}` +
    ` (${(ours.cpu / theirs.cpu).toFixed(3)} with the ${pace.toFixed(0)} ms that pacing the sound costs either)`,
);
console.log(`memory after ${turns} turns, Squelch / peer: ${(ours.resident / theirs.resident).toFixed(3)}`);
console.log(`MiB more per 100 turns: ${ours.growth.toFixed(1)} and ${theirs.growth.toFixed(1)}`);

function run<T>(script: string, argument: string): T[] {
  const answer = execFileSync(process.execPath, [script, argument], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(answer);
}

/** The first turns load what later ones find loaded. */
function warmed<T>(measured: readonly T[]): readonly T[] {
  return measured.slice(Math.min(3, measured.length - 1));
}

function medianCpu(measured: readonly Pick<Measured, 'cpuMs'>[]): number {
  return quantile(
    warmed(measured).map(({ cpuMs }) => cpuMs),
    0.5,
  );
}

/** Memory is told as the median of ten turns, so that a collection in between decides nothing. */
function figures(measured: readonly Measured[]) {
  const warm = warmed(measured);
  const memory = warm.map(({ residentMiB }) => residentMiB);
  const settled = quantile(memory.slice(0, 10), 0.5);
  const resident = quantile(memory.slice(-10), 0.5);
  const heard = warm.flatMap(({ firstAudioMs }) => (firstAudioMs === null ? [] : [firstAudioMs]));
  return {
    p50: quantile(heard, 0.5),
    p95: quantile(heard, 0.95),
    cpu: medianCpu(measured),
    settled,
    resident,
    growth: ((resident - settled) / Math.max(1, memory.length - 10)) * 100,
    lost: measured.length - measured.filter(({ firstAudioMs }) => firstAudioMs !== null).length,
  };
}
