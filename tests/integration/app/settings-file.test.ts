/** A settings file that somebody else wrote: a newer Squelch, or a hand that slipped. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startApp } from '../../support/running-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function homeWith(settings: object): Promise<{ home: string; text: () => Promise<string>; written: string }> {
  const home = await temporaryFolder();
  const path = join(home, 'settings.json');
  const written = JSON.stringify(settings);
  await writeFile(path, written);
  return { home, text: () => readFile(path, 'utf8'), written };
}

it('of a newer Squelch is in force as far as it is understood, and is never written', async () => {
  const { home, text, written } = await homeWith({
    version: 2,
    appearance: 'dark',
    stt: { model: 'whisper-9', mode: 'telepathy' },
    talk: { key: { combination: ['F8'] } },
    mcp: { servers: [] },
    moods: ['kind'],
  });
  const { app, window } = await startApp(home);
  const { settings, notices } = await window.invoke('app.get', {});
  expect(settings).toMatchObject({
    version: 1,
    appearance: 'dark',
    stt: { model: 'whisper-9', mode: 'segmented' },
    talk: { key: 'Space' },
    mcp: [],
  });
  expect(notices).toMatchObject([{ level: 'warning', message: expect.stringContaining('newer Squelch') }]);

  await window.invoke('settings.update', { appearance: 'light' });
  await window.invoke('agents.select', { agentId: 'dictation' });
  expect((await window.invoke('app.get', {})).settings).toMatchObject({ appearance: 'light', agent: 'dictation' });
  await app.close();
  expect(await text()).toBe(written);
  expect((await readdir(home)).filter((name) => name.startsWith('settings'))).toEqual(['settings.json']);
});

it('keeps what this Squelch has no name for, and says so', async () => {
  const { home, text } = await homeWith({ version: 1, stt: { model: 'whisper-1', accent: 'broad' }, moods: ['kind'] });
  const { window } = await startApp(home);
  const { settings, notices } = await window.invoke('app.get', {});
  expect(settings.stt.model).toBe('whisper-1');
  expect(notices).toMatchObject([{ level: 'warning', message: expect.stringContaining('stt.accent, moods') }]);
  await window.invoke('settings.update', { stt: { language: 'de' } });
  expect(JSON.parse(await text())).toMatchObject({
    stt: { model: 'whisper-1', language: 'de', accent: 'broad' },
    moods: ['kind'],
  });
});

it('that fits in nothing is kept aside, exactly', async () => {
  const { home, text, written } = await homeWith({ version: 1, stt: 7 });
  const { window } = await startApp(home);
  await window.invoke('settings.update', { appearance: 'dark' });
  expect(JSON.parse(await text())).toMatchObject({ appearance: 'dark' });
  const kept = (await readdir(home)).find((name) => name.endsWith('.bad'));
  expect(await readFile(join(home, String(kept)), 'utf8')).toBe(written);
});
