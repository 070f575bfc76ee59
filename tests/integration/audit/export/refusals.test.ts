import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ExportRequest, exportSessions } from '../../../../src-main/audit/export/export-sessions.ts';
import { startExport } from '../../../../src-main/audit/export/start-export.ts';
import { EXPORT_FORMATS } from '../../../../src-preload/export-formats.ts';
import { openLog, temporaryHome } from '../../../support/audit.ts';
import { SESSION_ID, speakSession } from '../../../support/spoken-session.ts';
import { EventScript } from '../../../support/turns.ts';

const NO_CONTROL = { progress: () => {}, signal: new AbortController().signal };

async function homeWithSession() {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  await speakSession(log.record);
  const script = new EventScript(log.record, 'typed');
  script.begin('turn-t', { source: 'text' });
  script.end('turn-t', 'cancelled');
  close();
  const folder = join(home, 'exports');
  mkdirSync(folder);
  const request: ExportRequest = {
    home,
    selection: { sessionIds: [SESSION_ID] },
    format: 'mp3',
    track: 'both',
    out: join(folder, 'out'),
    replace: false,
    appVersion: 'test',
  };
  return { home, folder, request };
}

it.each(EXPORT_FORMATS)('leaves nothing of a cancelled %s', async (format) => {
  const { folder, request } = await homeWithSession();
  const cancelling = new AbortController();
  const reason = new Error('not wanted any more');
  const progress = () => cancelling.abort(reason);
  const control = { progress, signal: cancelling.signal };
  await expect(exportSessions({ ...request, format }, control)).rejects.toBe(reason);
  expect(readdirSync(folder)).toEqual([]);
});

it('cancels across the threads', async () => {
  const { folder, request } = await homeWithSession();
  const cancelling = new AbortController();
  const exporting = startExport(request, { progress: () => {}, signal: cancelling.signal });
  const reason = new Error('not wanted any more');
  cancelling.abort(reason);
  await expect(exporting).rejects.toBe(reason);
  expect(readdirSync(folder)).toEqual([]);
});

it('keeps a file that is there, unless told to replace it', async () => {
  const { folder, request } = await homeWithSession();
  writeFileSync(request.out, 'mine');
  await expect(startExport(request, NO_CONTROL)).rejects.toMatchObject({ code: 'export-exists' });
  expect(readFileSync(request.out, 'utf8')).toBe('mine');
  await startExport({ ...request, replace: true }, NO_CONTROL);
  expect(readFileSync(request.out).subarray(0, 3).toString()).toBe('ID3');
  expect(readdirSync(folder)).toEqual(['out']);
});

it('puts no file in the place of a device or a pipe', async (context) => {
  if (process.platform === 'win32') context.skip('needs pipes with a place');
  const { folder, request } = await homeWithSession();
  execFileSync('/usr/bin/mkfifo', [request.out]);
  await expect(startExport({ ...request, replace: true }, NO_CONTROL)).rejects.toMatchObject({
    code: 'export-not-writable',
    message: expect.stringContaining('it is a device'),
  });
  expect(statSync(request.out).isFIFO()).toBe(true);
  expect(readdirSync(folder)).toEqual(['out']);
});

it('says what it can’t write, read or find', async () => {
  const { home, folder, request } = await homeWithSession();
  const refusal = (change: Partial<ExportRequest>) =>
    startExport({ ...request, ...change }, NO_CONTROL).then(
      () => 'exported',
      ({ code, message }) => [code, message],
    );
  expect(await refusal({ out: join(folder, 'none', 'out') })).toEqual([
    'export-not-writable',
    expect.stringContaining('its folder does not exist'),
  ]);
  expect(await refusal({ out: folder, replace: true })).toEqual([
    'export-not-writable',
    expect.stringContaining('it is a folder'),
  ]);
  expect(await refusal({ selection: { sessionIds: ['nobody'] } })).toEqual(['session-unknown', expect.any(String)]);
  expect(await refusal({ home: join(home, 'empty') })).toEqual(['log-missing', expect.any(String)]);
  expect(await refusal({ selection: { sessionIds: ['typed'] } })).toEqual(['export-silent', expect.any(String)]);
  rmSync(join(home, 'audio', '2026-11', 'turn-2.user.wav'));
  expect(await refusal({})).toEqual(['export-sound-missing', expect.stringContaining('turn-2.user.wav')]);
  expect(await refusal({ format: 'zip' })).toEqual(['export-sound-missing', expect.any(String)]);
  expect(readdirSync(folder)).toEqual([]);
});

it.runIf(process.getuid?.() !== 0)('says that a folder is read-only', async () => {
  const { folder, request } = await homeWithSession();
  chmodSync(folder, 0o500);
  await expect(startExport(request, NO_CONTROL)).rejects.toMatchObject({ code: 'export-not-writable' });
  chmodSync(folder, 0o700);
});

it('exports a session without sound as everything but sound', async () => {
  const { folder, request } = await homeWithSession();
  for (const format of ['json', 'jsonl', 'md', 'csv', 'vtt', 'zip'] as const) {
    const out = join(folder, `typed.${format}`);
    await startExport({ ...request, selection: { sessionIds: ['typed'] }, format, out }, NO_CONTROL);
    expect(existsSync(out)).toBe(true);
  }
});
