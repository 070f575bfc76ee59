/** A settings file that somebody else wrote: a newer Squelch, or a hand, which may slip. */
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

it('that can’t be read stays as it is, and the user learns why', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, 'settings.json'));
  const { window } = await startApp(home);
  await window.invoke('settings.update', { appearance: 'dark' });
  const { settings, notices } = await window.invoke('app.get', {});
  expect(settings.appearance).toBe('dark');
  expect(notices).toMatchObject([{ level: 'warning', message: expect.stringContaining('can’t be read (EISDIR)') }]);
  expect((await readdir(home)).filter((name) => name.startsWith('settings'))).toEqual(['settings.json']);
});

it('of an editor of Windows is a settings file', async () => {
  const home = await temporaryFolder();
  await writeFile(join(home, 'settings.json'), '\uFEFF{\r\n  "version": 1,\r\n  "appearance": "dark"\r\n}\r\n');
  const { window } = await startApp(home);
  expect(await window.invoke('app.get', {})).toMatchObject({ settings: { appearance: 'dark' }, notices: [] });
});

it.skipIf(process.platform === 'win32')('is for its owner’s eyes, wherever the folder is', async () => {
  const { home } = await homeWith({});
  await chmod(join(home, 'settings.json'), 0o644);
  const { window } = await startApp(home);
  await window.invoke('settings.update', { appearance: 'dark' });
  expect((await lstat(join(home, 'settings.json'))).mode & 0o777).toBe(0o600);
});

it('that is a link is changed where it leads', async () => {
  const [home, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
  const target = join(elsewhere, 'squelch.json');
  await writeFile(target, '{}');
  await symlink(target, join(home, 'settings.json'));
  const { window } = await startApp(home);
  await window.invoke('settings.update', { appearance: 'dark' });
  expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({ appearance: 'dark' });
  expect((await lstat(join(home, 'settings.json'))).isSymbolicLink()).toBe(true);
});

describe('that is edited by hand while Squelch runs', () => {
  it('is what the next change begins with', async () => {
    const { home, text } = await homeWith({ version: 1, stt: { model: 'whisper-1' } });
    const { window } = await startApp(home);
    const edited = { version: 1, stt: { model: 'by-hand' }, moods: ['kind'] };
    await writeFile(join(home, 'settings.json'), JSON.stringify(edited));
    await window.invoke('settings.update', { appearance: 'dark' });
    expect((await window.invoke('app.get', {})).settings).toMatchObject({
      appearance: 'dark',
      stt: { model: 'by-hand' },
    });
    expect(JSON.parse(await text())).toMatchObject({ ...edited, appearance: 'dark' });
  });

  it('into something that is none is kept aside, and what was in force stays so', async () => {
    const { home, text } = await homeWith({ version: 1, stt: { model: 'whisper-1' } });
    const { window } = await startApp(home);
    await writeFile(join(home, 'settings.json'), '{ "stt": ');
    await window.invoke('settings.update', { appearance: 'dark' });
    expect(JSON.parse(await text())).toMatchObject({ appearance: 'dark', stt: { model: 'whisper-1' } });
    const kept = (await readdir(home)).find((name) => name.endsWith('.bad'));
    expect(await readFile(join(home, String(kept)), 'utf8')).toBe('{ "stt": ');
    expect((await window.invoke('app.get', {})).notices).toMatchObject([
      { level: 'warning', message: expect.stringContaining('What was in force before stays so.') },
    ]);
  });

  it('and removed is written anew, with what was in force', async () => {
    const { home, text } = await homeWith({ version: 1, stt: { model: 'whisper-1' } });
    const { window } = await startApp(home);
    await rm(join(home, 'settings.json'));
    await window.invoke('settings.update', { appearance: 'dark' });
    expect(JSON.parse(await text())).toMatchObject({ appearance: 'dark', stt: { model: 'whisper-1' } });
  });
});
