import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';
import { expect, it } from 'vitest';
import { msToSamples, PIPELINE_RATE } from '../../../../src-main/audio/frame.ts';
import { startExport } from '../../../../src-main/audit/export/start-export.ts';
import { EXPORT_TRACKS, type ExportFormat, type ExportTrack } from '../../../../src-preload/export-formats.ts';
import { openLog, temporaryHome } from '../../../support/audit.ts';
import { channelsOf, find } from '../../../support/sound-places.ts';
import { SESSION_ID, type SpokenSession, speakSession } from '../../../support/spoken-session.ts';

const ALIGNED_MS = 50;
const NO_CONTROL = { progress: () => {}, signal: new AbortController().signal };

async function exported(format: ExportFormat, track: ExportTrack) {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const spoken = await speakSession(log.record);
  close();
  const out = join(home, `out.${format}`);
  const request = {
    home,
    selection: { sessionIds: [SESSION_ID] },
    format,
    track,
    out,
    replace: false,
    appVersion: 'test',
  };
  const result = await startExport(request, NO_CONTROL);
  return { out, spoken, result };
}

function loudness(channel: Float32Array, fromMs: number, toMs: number): number {
  const part = channel.subarray(msToSamples(fromMs, PIPELINE_RATE), msToSamples(toMs, PIPELINE_RATE));
  return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
}

function expectVoices(
  spoken: SpokenSession,
  { user, agent }: { user?: Float32Array | undefined; agent?: Float32Array | undefined },
): void {
  for (const index of [0, 1]) {
    if (user) {
      const { offMs, likeness } = find(user, spoken.user[index] as Int16Array, spoken.userAtMs[index] as number);
      expect(Math.abs(offMs)).toBeLessThanOrEqual(ALIGNED_MS);
      expect(likeness).toBeGreaterThan(0.9);
    }
    if (agent) {
      const whole = spoken.agent[index] as Int16Array;
      const heard = index === 0 ? whole : whole.subarray(0, spoken.heardOfSecond);
      const { offMs, likeness } = find(agent, heard, spoken.agentAtMs[index] as number);
      expect(Math.abs(offMs)).toBeLessThanOrEqual(ALIGNED_MS);
      expect(likeness).toBeGreaterThan(0.9);
    }
  }
}

it.each(['mp3', 'wav'] as const)('puts the user left and the agent right, when they were heard: %s', async (format) => {
  const { out, spoken, result } = await exported(format, 'both');
  const [left, right] = await channelsOf(out);
  expectVoices(spoken, { user: left, agent: right });
  expect(Math.abs((left?.length ?? 0) / 24 - result.durationMs)).toBeLessThanOrEqual(ALIGNED_MS);
  expect(Math.abs(result.durationMs - spoken.endedAtMs)).toBeLessThanOrEqual(ALIGNED_MS);
  // While one speaks, the other is silent; and what was not heard of the reply is not there.
  expect(loudness(right as Float32Array, 0, (spoken.agentAtMs[0] as number) - 100)).toBeLessThan(5);
  expect(
    loudness(left as Float32Array, spoken.agentAtMs[0] as number, (spoken.userAtMs[1] as number) - 100),
  ).toBeLessThan(5);
});

it.each(['mp3', 'wav'] as const)('holds one voice or both in one channel: %s', async (format) => {
  for (const track of ['user', 'agent', 'mixed'] as const) {
    const { out, spoken } = await exported(format, track);
    const input = new Input({ source: new FilePathSource(out), formats: ALL_FORMATS });
    expect(await (await input.getPrimaryAudioTrack())?.getNumberOfChannels()).toBe(1);
    input.dispose();
    const [only] = await channelsOf(out);
    expectVoices(spoken, { user: track === 'agent' ? undefined : only, agent: track === 'user' ? undefined : only });
  }
});

it('tells players its length, title, agent and date', async () => {
  const { out, result } = await exported('mp3', 'both');
  const input = new Input({ source: new FilePathSource(out), formats: ALL_FORMATS });
  const tags = await input.getMetadataTags();
  expect(tags).toMatchObject({ title: '=SUM(A1) "quoted", and\na second line <b>', artist: 'assistant' });
  expect(tags.date?.toISOString()).toMatch(/^2026-11-03T/);
  expect(Math.abs((await input.computeDuration()) * 1000 - result.durationMs)).toBeLessThanOrEqual(ALIGNED_MS);
  input.dispose();
});

it('has a chapter for each turn', async () => {
  const { out, spoken } = await exported('mp3', 'mixed');
  const bytes = readFileSync(out);
  const chapters = [];
  for (let at = bytes.indexOf('CHAP'); at >= 0; at = bytes.indexOf('CHAP', at + 4)) {
    const times = bytes.indexOf(0, at + 10) + 1;
    chapters.push([bytes.readUInt32BE(times), bytes.readUInt32BE(times + 4)]);
  }
  expect(chapters).toHaveLength(2);
  expect(chapters[0]?.[0]).toBe(0);
  expect(Math.abs((chapters[1]?.[0] ?? 0) - ((spoken.userAtMs[1] as number) - 100))).toBeLessThanOrEqual(1);
});

const SOUNDS = (['mp3', 'wav'] as const).flatMap((format) => EXPORT_TRACKS.map((track) => [format, track] as const));

it.runIf(hasFfprobe()).each(SOUNDS)('reads the same in ffprobe: %s, %s', async (format, track) => {
  const { out, result } = await exported(format, track);
  const entries = ['-show_format', '-show_chapters', '-show_streams', '-of', 'json'];
  const probe = JSON.parse(execFileSync('ffprobe', ['-v', 'error', ...entries, out], { encoding: 'utf8' }));
  expect(Math.abs(Number(probe.format.duration) * 1000 - result.durationMs)).toBeLessThanOrEqual(ALIGNED_MS);
  const codec = format === 'mp3' ? 'mp3' : 'pcm_s16le';
  expect(probe.streams).toMatchObject([
    { codec_name: codec, channels: track === 'both' ? 2 : 1, sample_rate: '24000' },
  ]);
  if (format === 'wav') return;
  expect(probe.chapters).toHaveLength(2);
  expect(probe.chapters[1].tags.title).toBe('你好，世界');
});

/** Not on every machine: what it checks is also read by our own code above. */
function hasFfprobe(): boolean {
  try {
    execFileSync('ffprobe', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
