import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { downloadResponse } from '../../../src-main/hosts/downloads.ts';
import type { Preset, VadSourceView } from '../../../src-preload/vad-lab-contract.ts';
import { SILERO_PARAMETERS } from '../../../src-preload/vad-parameters.ts';
import { type RunningApp, startApp } from '../../support/running-app.ts';
import { speech } from '../../support/speech.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

const CLIP = join(import.meta.dirname, '../../support/audio/speech.wav');
const LABELS = '0.400000\t1.000000\tspeech\n1.300000\t2.200000\tspeech\n';

interface Lab extends RunningApp {
  readonly home: string;
  /** With labelled recordings. */
  readonly folder: string;
}

async function openLab(files = 2): Promise<Lab> {
  const home = await temporaryFolder();
  const folder = await temporaryFolder();
  for (let i = 0; i < files; i++) {
    await copyFile(CLIP, join(folder, `${i}.wav`));
    await writeFile(join(folder, `${i}.txt`), LABELS);
  }
  return { ...(await startApp(home)), home, folder };
}

const openFolder = ({ window, folder }: Lab): Promise<VadSourceView> =>
  window.invoke('vadLab.open', { sourceId: 'a', from: { kind: 'files', paths: [folder] } });

/** As the window would load it. */
async function load({ app }: Lab, path: string): Promise<Buffer> {
  const response = await downloadResponse(app, { pathname: path, range: null, headOnly: false });
  expect(response?.status).toBe(200);
  return Buffer.from((await response?.arrayBuffer()) as ArrayBuffer);
}

describe('recordings of a folder', () => {
  test('are measured with progress, and their sound, peaks and probabilities can be loaded', async () => {
    const lab = await openLab();
    const done: number[] = [];
    lab.window.on('vadLab.measuring', ({ recordingsDone }) => done.push(recordingsDone));
    await writeFile(join(lab.folder, 'broken.wav'), 'no sound');
    const { recordings, failures } = await openFolder(lab);
    expect(done.at(-1)).toBe(3);
    expect(failures).toMatchObject([{ name: 'broken.wav', error: { code: 'audio-unknown' } }]);
    expect(recordings).toMatchObject([
      { id: '0', name: '0.wav', turnId: null, labels: [{ startMs: 400 }, { endMs: 2_200 }] },
      { id: '1', labelFile: join(lab.folder, '1.txt') },
    ]);
    const [recording] = recordings as [VadSourceView['recordings'][number]];
    const { samples, sampleRate } = recording;
    const probabilities = await load(lab, recording.probabilitiesPath);
    expect(probabilities.length).toBe(4 * Math.ceil(samples / 512));
    const sound = await load(lab, recording.soundPath);
    expect(sampleRate).toBe(16_000);
    expect(sound.subarray(44)).toEqual((await readFile(CLIP)).subarray(44));
    const peaks = await load(lab, recording.peaksPath);
    const [finest] = recording.peakLevels;
    expect(finest?.peaks).toBe(Math.ceil(samples / 128));
    expect(peaks.length).toBe(4 * recording.peakLevels.reduce((sum, level) => sum + level.peaks, 0));
    const heard = new Int16Array(new Uint8Array(sound.subarray(44)).buffer);
    const loudest = (from: Int16Array) => from.reduce((most, value) => Math.max(most, value), -32_768);
    const pairs = new Int16Array(new Uint8Array(peaks).buffer);
    expect(loudest(pairs.subarray(0, 2))).toBe(loudest(heard.subarray(0, 128)));
    expect(loudest(pairs.subarray(-2 * (recording.peakLevels.at(-1)?.peaks ?? 0)))).toBe(loudest(heard));
  });

  test('are segmented in several lanes, scored, compared and tuned', async () => {
    const lab = await openLab();
    const { recordings } = await openFolder(lab);
    const strict = { ...SILERO_PARAMETERS, threshold: 0.9999 };
    const place = { sourceId: 'a', recordingId: '0' };
    const [own, other] = await lab.window.invoke('vadLab.segment', { ...place, lanes: [SILERO_PARAMETERS, strict] });
    expect(own?.starts.length).toBeGreaterThan(0);
    expect(other).not.toEqual(own);
    expect(own?.ends.every((end) => end <= (recordings[0]?.samples ?? 0))).toBe(true);

    const [first, second] = await lab.window.invoke('vadLab.score', {
      sourceId: 'a',
      settings: [SILERO_PARAMETERS, strict],
    });
    expect(first?.pooled.f1).toBeGreaterThan(0.5);
    expect(first?.files.map(({ recordingId }) => recordingId).sort()).toEqual(['0', '1']);
    expect(second?.pooled.recall).toBeLessThan(first?.pooled.recall ?? 0);
    const { points } = await lab.window.invoke('vadLab.curves', { sourceId: 'a' });
    expect(points.length).toBe(99);

    const settings = [
      { id: 'mine', parameters: SILERO_PARAMETERS },
      { id: 'strict', parameters: strict },
    ];
    const { agreements, places } = await lab.window.invoke('vadLab.compare', { sourceId: 'a', settings });
    expect(agreements).toMatchObject([{ a: 'mine', b: 'strict' }]);
    expect(places.every(({ recordingId }) => ['0', '1'].includes(recordingId))).toBe(true);

    const tuned: (number | null)[] = [];
    lab.window.on('vadLab.tuning', ({ evaluated, of }) => tuned.push(evaluated, of));
    const tuning = await lab.window.invoke('vadLab.tune', {
      ...{ tuningId: 't', sourceId: 'a', goal: { mix: { f1: 1 } }, holdout: { folds: 2 }, method: 'random' },
      ...{ evaluations: 1_200, seed: 1, smoothing: true, maxLength: false },
    });
    expect(tuning.folds.flatMap(({ testRecordingIds }) => testRecordingIds).sort()).toEqual(['0', '1']);
    expect(tuning.verdict.improves).not.toBeNull();
    expect(tuning.preset).toMatchObject({ name: 'Tuned for f1', data: { recordings: 2, labels: 4 } });
    expect(tuned).toEqual([500, null]);

    const { pageUrl, jsonUrl } = await lab.window.invoke('vadLab.report', {
      ...{ sourceId: 'a', preset: bare(tuning.preset), tuningId: 't' },
    });
    const page = await readFile(lab.app.exported(pageUrl.replace('/exports/', '')) as string, 'utf8');
    expect(page).toContain('Against the shipped presets');
    const figures = JSON.parse(await readFile(lab.app.exported(jsonUrl.replace('/exports/', '')) as string, 'utf8'));
    expect(figures.tuning.train.value).toBe(tuning.train.value);
  });

  test('whose file has gone since say so when their sound is asked for', async () => {
    const lab = await openLab(1);
    const { recordings } = await openFolder(lab);
    await rm(join(lab.folder, '0.wav'));
    const request = { pathname: recordings[0]?.soundPath as string, range: null, headOnly: false };
    const response = await downloadResponse(lab.app, request);
    expect([response?.status, await response?.text()]).toEqual([
      500,
      expect.stringMatching(/There is no file .*0\.wav/),
    ]);
    const elsewhere = { ...request, pathname: '/vad-lab/a/0/../0.wav' };
    expect(await downloadResponse(lab.app, elsewhere)).toBeNull();
  });

  test('measuring and tuning end when they are cancelled, and a closed source is said to be so', async () => {
    const lab = await openLab();
    lab.window.on('vadLab.measuring', () => void lab.window.invoke('vadLab.cancel', { id: 'a' }));
    await expect(openFolder(lab)).rejects.toMatchObject({ code: 'cancelled' });
    lab.window.on('vadLab.measuring', () => {});
    await openFolder(lab);
    const tuning = lab.window.invoke('vadLab.tune', {
      ...{ tuningId: 't', sourceId: 'a', goal: { mix: { f1: 1 } }, holdout: { folds: 2 }, method: 'exhaustive' },
      ...{ seed: 1, smoothing: true, maxLength: true },
    });
    lab.window.on('vadLab.tuning', () => void lab.window.invoke('vadLab.cancel', { id: 't' }));
    await expect(tuning).rejects.toMatchObject({ code: 'cancelled' });
    await lab.window.invoke('vadLab.close', { sourceId: 'a' });
    const segment = lab.window.invoke('vadLab.segment', {
      ...{ sourceId: 'a', recordingId: '0', lanes: [SILERO_PARAMETERS] },
    });
    await expect(segment).rejects.toMatchObject({ code: 'source-closed' });
  });
});

describe('what is open', () => {
  const segmented = ({ window }: Lab) =>
    window.invoke('vadLab.segment', { sourceId: 'a', recordingId: '0', lanes: [SILERO_PARAMETERS] });

  test('stays when other recordings are cancelled in the moment they are asked for', async () => {
    const lab = await openLab();
    await openFolder(lab);
    const opening = openFolder(lab);
    await lab.window.invoke('vadLab.cancel', { id: 'a' });
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    expect(await segmented(lab)).toHaveLength(1);
  });

  test('goes with the window that opened it, and so does what that window is opening', async () => {
    const lab = await openLab();
    const other = new TestWindow(lab.app);
    await openFolder({ ...lab, window: other });
    await load(lab, '/vad-lab/a/0/peaks.i16');
    const opening = other.invoke('vadLab.open', { sourceId: 'b', from: { kind: 'files', paths: [lab.folder] } });
    other.close();
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
    await expect(segmented(lab)).rejects.toMatchObject({ code: 'source-closed' });
    const left = await readdir(join(lab.home, 'vad-lab'), { recursive: true });
    expect(left.filter((name) => name.endsWith('peaks.i16'))).toEqual([]);
  });
});

describe('labels', () => {
  test('set by hand count at once, and are saved in the file that was there, which is kept as it was before', async () => {
    const lab = await openLab(1);
    await openFolder(lab);
    const place = { sourceId: 'a', recordingId: '0' };
    const labels = [
      { startMs: 1_200, endMs: 2_000, text: 'b' },
      { startMs: 1_000, endMs: 1_500, text: 'a' },
      { startMs: 90_000, endMs: 91_000, text: 'past the end' },
    ];
    const fitted = await lab.window.invoke('vadLab.setLabels', { ...place, labels });
    expect(fitted.labels).toEqual([{ startMs: 1_000, endMs: 2_000, text: 'a b' }]);
    expect(fitted.warnings.length).toBe(2);
    const { file } = await lab.window.invoke('vadLab.saveLabels', place);
    expect(file).toBe(join(lab.folder, '0.txt'));
    expect(await readFile(file, 'utf8')).toBe('1.000000\t2.000000\ta b\n');
    await lab.window.invoke('vadLab.saveLabels', place);
    expect(await readFile(`${file}.before`, 'utf8')).toBe(LABELS);
    const { name, text } = await lab.window.invoke('vadLab.writeLabels', { ...place, format: 'scv' });
    expect([name, text]).toEqual(['0.scv', expect.stringContaining('1.000,2.000,1')]);
    await lab.window.invoke('vadLab.setLabels', { ...place, labels: null });
    await expect(
      lab.window.invoke('vadLab.score', { sourceId: 'a', settings: [SILERO_PARAMETERS] }),
    ).rejects.toMatchObject({ code: 'labels-none' });
    expect((await lab.window.invoke('vadLab.readLabels', { ...place, name, text })).labels).toEqual([
      { startMs: 1_000, endMs: 2_000, text: '' },
    ]);
  });

  test('that are broken are named with their line, are not written over, and the recording opens all the same', async () => {
    const lab = await openLab(1);
    await writeFile(join(lab.folder, '0.txt'), '0.5\t1.0\tone\nnonsense\n');
    const { recordings, failures } = await openFolder(lab);
    expect(failures).toEqual([]);
    expect(recordings[0]?.labels).toBeNull();
    expect(recordings[0]?.labelFault?.message).toMatch(/0\.txt:2: /);
    const place = { sourceId: 'a', recordingId: '0' };
    await lab.window.invoke('vadLab.setLabels', { ...place, labels: [{ startMs: 0, endMs: 500, text: '' }] });
    await expect(lab.window.invoke('vadLab.saveLabels', place)).rejects.toMatchObject({ code: 'labels-broken' });
    expect(await readFile(join(lab.folder, '0.txt'), 'utf8')).toContain('nonsense');
  });
});

describe('uploads', () => {
  test('arrive in pieces, with labels beside, and what is saved for them is found the next time', async () => {
    const lab = await openLab(0);
    const upload = async (sourceId: string) => {
      const bytes = await readFile(CLIP);
      for (let offset = 0; offset < bytes.length; offset += 500_000) {
        const data = bytes.subarray(offset, offset + 500_000).toString('base64');
        await lab.window.invoke('vadLab.upload', { sourceId, name: 'talk.wav', offset, data });
      }
      const data = Buffer.from(LABELS).toString('base64');
      await lab.window.invoke('vadLab.upload', { sourceId, name: 'talk.txt', offset: 0, data });
      return lab.window.invoke('vadLab.open', { sourceId, from: { kind: 'uploads' } });
    };
    const { recordings } = await upload('a');
    expect(recordings).toMatchObject([{ name: 'talk.wav', path: null, labels: [{}, {}] }]);
    const place = { sourceId: 'a', recordingId: '0' };
    await lab.window.invoke('vadLab.setLabels', { ...place, labels: [{ startMs: 100, endMs: 200, text: 'mine' }] });
    await lab.window.invoke('vadLab.saveLabels', place);
    await lab.window.invoke('vadLab.close', { sourceId: 'a' });
    const again = await upload('b');
    expect(again.recordings[0]?.labels).toEqual([{ startMs: 100, endMs: 200, text: 'mine' }]);
  });

  test.each(['../up.wav', 'a/b.wav', '.hidden'])('named %s are refused', async (name) => {
    const { window } = await openLab(0);
    const upload = window.invoke('vadLab.upload', { sourceId: 'a', name, offset: 0, data: '' });
    await expect(upload).rejects.toMatchObject({ code: 'upload-broken' });
  });
});

describe('turns of the log', () => {
  test('open with their words as name; nothing of them stays here when one is erased', async () => {
    const lab = await openLab(0);
    const turn = await lab.window.say(await speech('The quick brown fox jumps over the lazy dog.'));
    const { recordings } = await lab.window.invoke('vadLab.open', {
      ...{ sourceId: 'log', from: { kind: 'turns', turnIds: [turn.id] } },
    });
    expect(recordings).toMatchObject([{ turnId: turn.id, name: turn.user.committed, path: null }]);
    const place = { sourceId: 'log', recordingId: '0' };
    await lab.window.invoke('vadLab.setLabels', { ...place, labels: [{ startMs: 0, endMs: 900, text: 'fox' }] });
    await lab.window.invoke('vadLab.saveLabels', place);
    await load(lab, recordings[0]?.soundPath as string);
    const { labels } = (
      await lab.window.invoke('vadLab.open', { sourceId: 'all', from: { kind: 'session', sessionId: turn.sessionId } })
    ).recordings[0] as { labels: unknown };
    expect(labels).toEqual([{ startMs: 0, endMs: 900, text: 'fox' }]);

    await lab.window.invoke('turns.redact', { turnId: turn.id, part: 'all', reason: 'asked for' });
    await expect(lab.window.invoke('vadLab.saveLabels', place)).rejects.toMatchObject({ code: 'source-closed' });
    const left = await readdir(lab.home, { recursive: true });
    expect(left.filter((name) => /^vad-(lab|labels)\/.*\.(wav|txt)$/.test(name))).toEqual([]);
  });
});

describe('the microphone', () => {
  test('is heard while it speaks, and opened as a recording when it stops', async () => {
    const lab = await openLab(0);
    const sound = await speech('One, two, three.');
    const heard: number[] = [];
    lab.window.on('vadLab.heard', ({ firstWindow, probabilities, lowest, highest }) => {
      expect(firstWindow).toBe(heard.length);
      expect([lowest.length, highest.length]).toEqual([probabilities.length, probabilities.length]);
      heard.push(...probabilities);
    });
    await lab.window.invoke('vadLab.listen', { sourceId: 'mic', takeId: 7 });
    await lab.window.speak(7, sound);
    await lab.window.until(() => (heard.length > 40 ? true : null));
    const [lane] = await lab.window.invoke('vadLab.segment', {
      ...{ sourceId: 'mic', recordingId: '0', lanes: [{ ...SILERO_PARAMETERS, minSpeechMs: 0 }] },
    });
    expect(lane?.starts.length).toBeGreaterThan(0);
    const { recordings } = await lab.window.invoke('vadLab.stopListening', { sourceId: 'mic' });
    expect(recordings[0]?.durationMs).toBeCloseTo(sound.length / 24, 0);
    expect(lab.window.phases).toEqual([]);
    await expect(lab.window.invoke('vadLab.stopListening', { sourceId: 'mic' })).rejects.toMatchObject({
      code: 'nothing-recorded',
    });
  });
});

/** What the window sends of it. */
function bare({ format: _, ...preset }: Preset): Omit<Preset, 'format'> {
  return preset;
}

describe('presets', () => {
  const mine = {
    name: 'My desk',
    note: '',
    parameters: { ...SILERO_PARAMETERS, threshold: 0.61, minSilenceMs: 240, padAfterMs: 50, smoothing: 0.2 },
    modelSha256: 'a'.repeat(64),
    data: null,
    score: null,
  };

  test('are saved, changed, exported, imported and deleted; those that ship stay as they are', async () => {
    const { window } = await openLab(0);
    const { id, warning } = await window.invoke('vadLab.savePreset', { id: null, preset: mine });
    expect([id, warning]).toEqual(['my-desk', expect.stringMatching(/found with another model/)]);
    await window.invoke('vadLab.savePreset', { id, preset: { ...mine, note: 'by the window' } });
    const { name, text } = await window.invoke('vadLab.exportPreset', { id });
    expect(name).toBe('my-desk.json');
    expect((await window.invoke('vadLab.importPreset', { text })).id).toBe('my-desk-2');
    await window.invoke('vadLab.deletePreset', { id });
    const all = await window.invoke('vadLab.presets', {});
    expect(all[0]).toMatchObject({ id: 'squelch', kind: 'shipped', warning: null });
    expect(all.at(-1)).toMatchObject({ id: 'my-desk-2', kind: 'own', preset: { note: 'by the window' } });
    await expect(window.invoke('vadLab.deletePreset', { id: 'silero' })).rejects.toMatchObject({
      code: 'preset-shipped',
    });
    await expect(window.invoke('vadLab.importPreset', { text: '{}' })).rejects.toMatchObject({ code: 'preset-broken' });
  });

  test('in use change the next turn, for the app or for one agent; a value changed by hand is nobody’s preset', async () => {
    const { window, app, home } = await openLab(0);
    const { settings, warnings } = await window.invoke('vadLab.use', { preset: mine, agentId: null });
    expect(settings.vad).toMatchObject({
      ...{ threshold: 0.61, minSilenceMs: 240, padBeforeMs: 30, padAfterMs: 50, smoothing: 0.2 },
      preset: { name: 'My desk' },
    });
    expect(warnings).toEqual([expect.stringMatching(/found with another model/)]);
    const forAgent = { ...mine, parameters: { ...mine.parameters, minSpeechMs: 5_000 } };
    await window.invoke('vadLab.use', { preset: forAgent, agentId: 'dictation' });
    await expect(window.invoke('vadLab.use', { preset: mine, agentId: 'nobody' })).rejects.toMatchObject({
      code: 'agent-unknown',
    });
    const said = await speech('Can you hear me now?');
    expect((await window.say(said)).outcome).toBe('completed');
    const changed = await window.invoke('settings.update', { vad: { threshold: 0.5 } });
    expect(changed.vad).toMatchObject({ threshold: 0.5, minSilenceMs: 240, preset: null });
    expect(changed.agentVad).toMatchObject([{ agentId: 'dictation', minSpeechMs: 5_000 }]);
    await window.invoke('conversation.new', { agentId: 'dictation' });
    expect((await window.say(said)).outcome).toBe('no-speech');
    await app.close();
    const { notices } = await (await startApp(home)).window.invoke('app.get', {});
    expect(notices).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/My desk was found with another/) },
    ]);
    expect(warnings[0]).toBe(notices[0]?.message);
  });
});
