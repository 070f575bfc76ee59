import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CLIP = join(import.meta.dirname, '../../support/audio/speech.wav');
const MODEL = '1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3';

let folder: string;
let home: string;
const run = (...args: string[]) => squelch(['vad', ...args, '--home', home]);

interface Detected {
  file: string;
  segments: { startMs: number; endMs: number }[];
  durationMs: number;
  modelSha256: string;
}

beforeEach(async () => {
  folder = await temporaryFolder();
  home = join(folder, 'home');
});

/** The clip under several names, labelled by what a preset finds in it. */
async function labelled(preset: string, count: number): Promise<string> {
  const recordings = join(folder, 'recordings');
  await mkdir(recordings);
  for (let i = 0; i < count; i++) await copyFile(CLIP, join(recordings, `${i}.wav`));
  const { status } = await run('detect', recordings, '--preset', preset, '--labels', 'rttm', '--out', recordings);
  expect(status).toBe(0);
  return recordings;
}

describe('vad detect', () => {
  test('lists segments, for people and as JSON', async () => {
    const text = await run('detect', CLIP);
    expect(text.status).toBe(0);
    expect(text.stdout).toMatch(/speech\.wav {2}1 segments, [\d.]+ of [\d.]+ s\n +\d+\.\d{3} +\d+\.\d{3}\n/);
    const [detected] = (await run('detect', CLIP, '--json')).json() as Detected[];
    expect(detected).toMatchObject({ file: CLIP, modelSha256: MODEL, segments: [{}] });
    const [segment] = detected?.segments ?? [];
    expect(segment?.startMs).toBeGreaterThan(0);
    expect(segment?.endMs).toBeLessThanOrEqual(detected?.durationMs ?? 0);
  });

  test('takes folders and globs, reports what can’t be read, and goes on', async () => {
    await mkdir(join(folder, 'in/deep'), { recursive: true });
    await copyFile(CLIP, join(folder, 'in/b.wav'));
    await copyFile(CLIP, join(folder, 'in/deep/c.WAV'));
    await copyFile(CLIP, join(folder, 'a1.wav'));
    await writeFile(join(folder, 'in/broken.mp3'), 'no sound');
    await writeFile(join(folder, 'in/notes.txt'), 'not a recording');
    const { status, stderr, json } = await run('detect', join(folder, 'in'), join(folder, 'a?.wav'), '--json');
    const results = json() as (Detected | { file: string; error: { code: string } })[];
    expect(results.map(({ file }) => file.slice(folder.length + 1))).toEqual([
      'in/b.wav',
      'in/deep/c.WAV',
      'a1.wav',
      'in/broken.mp3',
    ]);
    expect(results.at(-1)).toMatchObject({ error: { code: 'audio-unknown' } });
    expect(stderr).toContain('broken.mp3');
    expect(status).toBe(1);
  });

  test.each([
    ['audacity', '.txt'],
    ['textgrid', '.TextGrid'],
    ['webvtt', '.vtt'],
    ['scv', '.scv'],
  ])('writes labels as %s', async (format, extension) => {
    const out = join(folder, 'labels');
    expect((await run('detect', CLIP, '--labels', format, '--out', out)).status).toBe(0);
    expect(await readdir(out)).toEqual([`speech${extension}`]);
  });

  test('a preset changes what is found', async () => {
    const segments = async (preset: string) =>
      ((await run('detect', CLIP, '--preset', preset, '--json')).json() as Detected[])[0]?.segments;
    expect(await segments('faster-whisper')).not.toEqual(await segments('pipecat'));
  });

  test('writes a report that needs nothing else, with its figures beside it', async () => {
    const path = join(folder, 'report.html');
    expect((await run('detect', CLIP, '--report', path)).status).toBe(0);
    const html = await readFile(path, 'utf8');
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/<script|<link|src=|url\(/);
    const { modelSha256, files } = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
    expect([modelSha256, files.length]).toEqual([MODEL, 1]);
  });
});

describe('vad score', () => {
  test('is perfect against its own labels and less with another preset', async () => {
    const recordings = await labelled('silero', 2);
    const own = (await run('score', recordings, '--preset', 'silero', '--json')).json();
    expect(own).toMatchObject({ recordings: 2, pooled: { f1: 1, detectionCost: 0 }, modelSha256: MODEL });
    const other = (await run('score', recordings, '--preset', 'vad-web', '--json')).json() as {
      pooled: { f1: number };
    };
    expect(other.pooled.f1).toBeLessThan(1);
    expect((await run('score', recordings)).stdout).toContain('Lowest F1 first');
  });

  test('names the broken line of a label file, and scores the others', async () => {
    const recordings = await labelled('silero', 2);
    await writeFile(join(recordings, '1.rttm'), 'SPEAKER 1 1 zero 1.0\n');
    const { status, stderr, json } = await run('score', recordings, '--json');
    expect(json()).toMatchObject({ recordings: 1, failures: [{ error: { code: 'labels-broken' } }] });
    expect(stderr).toContain('1.rttm:1: “zero” is not a number');
    expect(status).toBe(1);
  });

  test('says what is missing when there are no labels', async () => {
    const { status, stderr } = await run('score', CLIP);
    expect(stderr).toContain('Put a file of the same name beside each');
    expect(status).toBe(1);
  });
});

describe('vad tune', () => {
  test('writes a preset that the next conversation uses', async () => {
    const recordings = await labelled('pipecat', 4);
    const out = join(folder, 'mine.json');
    const args = ['tune', recordings, '--search', 'random', '--evaluations', '200', '--seed', '3', '--json'];
    const first = await run(...args, '--out', out);
    expect(first.json()).toMatchObject({
      train: { value: 1 },
      heldOut: { value: 1 },
      verdict: { improves: false },
      seed: 3,
      rivals: [{ id: 'pipecat', value: 1 }, {}, {}, {}, {}, {}],
    });
    expect((await run(...args)).stdout).toBe(first.stdout);

    const preset = JSON.parse(await readFile(out, 'utf8'));
    expect(preset).toMatchObject({ modelSha256: MODEL, data: { recordings: 4 }, score: { heldOut: 1 } });
    expect((await run('apply', out)).status).toBe(0);
    const { vad } = JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'));
    expect(vad).toMatchObject({ threshold: preset.parameters.threshold, minSilenceMs: preset.parameters.minSilenceMs });
  });

  test('reaches a target without labels, and says where to listen', async () => {
    await copyFile(CLIP, join(folder, 'a.wav'));
    const { json } = await run('tune', join(folder, 'a.wav'), '--target', 'speech-share=0.65', '--json');
    const document = json() as {
      train: { scores: { speechShare: number } };
      agreements: object[];
      suspiciousPlaces: object[];
    };
    expect(document.train.scores.speechShare).toBeCloseTo(0.65, 1);
    expect(document.agreements.length).toBe(21);
    expect(document.suspiciousPlaces[0]).toMatchObject({ why: 'settings-disagree' });
  });
});

test('a preset of one’s own is called by name, and put to use for one agent alone', async () => {
  const shipped = join(import.meta.dirname, '../../../resources/vad-presets/pipecat.json');
  await mkdir(join(home, 'vad-presets'), { recursive: true });
  await copyFile(shipped, join(home, 'vad-presets/my-desk.json'));
  const [mine, theirs] = [
    await run('detect', CLIP, '--preset', 'my-desk'),
    await run('detect', CLIP, '--preset', 'pipecat'),
  ];
  expect(mine.stdout).toBe(theirs.stdout);
  const applied = await run('apply', 'my-desk', '--agent', 'dictation', '--json');
  expect(applied.json()).toMatchObject({ vad: { agentId: 'dictation', threshold: 0.7 } });
  const { vad, agentVad } = JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'));
  expect([vad.threshold, agentVad.length]).toEqual([0.5, 1]);
  const { status, stderr } = await run('apply', 'my-desk', '--agent', 'nobody');
  expect([status, stderr]).toEqual([1, expect.stringContaining('no agent "nobody"')]);
});

test('a preset that was found with another model is used with a warning', async () => {
  const preset = JSON.parse(
    await readFile(join(import.meta.dirname, '../../../resources/vad-presets/squelch.json'), 'utf8'),
  );
  const path = join(folder, 'other.json');
  await writeFile(path, JSON.stringify({ ...preset, name: 'Other', modelSha256: 'f'.repeat(64) }));
  const { status, stderr } = await run('detect', CLIP, '--preset', path);
  expect(stderr).toContain('found with another model');
  expect(status).toBe(0);
});

test.each([
  [['detect'], 'missing required argument'],
  [['detect', CLIP, '--labels', 'rttm'], 'belong together'],
  [['detect', CLIP, '--labels', 'srt', '--out', '.'], '--labels must be one of audacity'],
  [['score', CLIP, '--cost', '1'], 'two numbers such as 0.75,0.25'],
  [['tune', CLIP, '--objective', 'accuracy'], '--objective must be of f1'],
  [['tune', CLIP, '--objective', 'f1=-1'], '--objective must be of f1'],
  [['tune', CLIP, '--target', 'speech-share=2'], '--target must be'],
  [['tune', CLIP, '--holdout', '1'], '--holdout must be'],
  [['tune', CLIP, '--search', 'magic'], '--search must be'],
  [['tune', CLIP, '--evaluations', '10'], '--evaluations is for'],
])('%j is wrong usage', async (args, message) => {
  const { status, stdout, stderr } = await run(...args);
  expect(stderr).toContain(message);
  expect([status, stdout]).toEqual([2, '']);
});

test.each([
  ['tune', '--out', 'my.json'],
  ['tune', '--report', 'my.html'],
  ['score', '--report', 'my.html'],
  ['detect', '--report', 'my.html'],
])('%s begins nothing whose %s can’t be written', async (command, option, name) => {
  const path = join(await temporaryFolder(), 'missing', name);
  // There are no recordings either: that would be said later.
  const { status, stderr } = await squelch(['vad', command, 'nowhere.wav', option, path, '--home', home]);
  expect(status).toBe(1);
  expect(stderr).toBe(
    `squelch: ${path} can’t be written: its folder does not exist. Give ${option} a file in a folder that can be written.\n`,
  );
});
