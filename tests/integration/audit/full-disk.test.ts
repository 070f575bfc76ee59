import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeWav } from '../../../src-main/audio/wav.ts';
import { openDatabase } from '../../../src-main/audit/store/database.ts';
import { lockHome } from '../../../src-main/audit/store/home-lock.ts';
import { verifyChain } from '../../../src-main/audit/verify/verify.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { EventScript, noise } from '../../support/turns.ts';

it('keeps in memory what a full disk refuses, tells once, and writes it when there is space', (context) => {
  const disk = smallDisk(context, 'size=4m');
  const { log, faults, close } = openLog(disk.home);
  const script = new EventScript(log.record);
  script.begin('turn-1');
  const free = disk.fill(40_000);
  const samples = noise(200 * 480, 1);
  for (let frame = 0; frame < 200; frame++) {
    script.emit({ type: 'audio_captured', turnId: 'turn-1', samples: samples.slice(frame * 480, (frame + 1) * 480) });
  }
  expect(faults.map(({ code, stage }) => [code, stage])).toEqual([['log-disk-full', 'log']]);
  script.end('turn-1', 'completed');
  expect(log.queries.getTurn('turn-1')?.outcome).toBeNull();
  expect(() => script.begin('turn-2')).toThrow(expect.objectContaining({ code: 'log-disk-full', stage: 'log' }));

  free();
  script.begin('turn-3');
  expect(log.queries.getTurn('turn-1')?.outcome).toBe('completed');
  expect(log.queries.getTurn('turn-2')).toBeNull();
  const file = readFileSync(log.queries.recordingFile('turn-1', 'user') as string);
  expect(file.equals(encodeWav(samples, 24_000))).toBe(true);
  script.end('turn-3', 'cancelled');
  close();
  const database = openDatabase(disk.home);
  expect(verifyChain(disk.home, database)).toMatchObject({ ok: true });
  database.close();
});

it('can be closed on a full disk, and has everything at the next start', (context) => {
  const disk = smallDisk(context, 'size=4m');
  const { log } = openLog(disk.home);
  new EventScript(log.record).wholeTurn('turn-1', { user: 'Remember the milk', reply: 'Noted' });
  log.writeAnchors();
  const free = disk.fill(0);
  log.close();
  free();
  const database = openDatabase(disk.home);
  expect(verifyChain(disk.home, database)).toMatchObject({ ok: true, entries: 7 });
  database.close();
});

it('refuses a home that can’t be written, and says what to do', (context) => {
  const disk = smallDisk(context, 'size=1m');
  openLog(disk.home).close();
  disk.remount('ro');
  const refusal = expect.objectContaining({ code: 'log-not-writable', hint: expect.stringContaining('--home') });
  expect(() => lockHome(disk.home)).toThrow(refusal);
  expect(() => openDatabase(disk.home)).toThrow(refusal);
});

it('refuses a turn whose sound can’t be kept, and takes the next one that can', () => {
  const home = temporaryHome();
  const { log } = openLog(home);
  const script = new EventScript(log.record);
  writeFileSync(join(home, 'audio'), '');
  expect(() => script.begin('turn-1')).toThrow(expect.objectContaining({ code: 'log-not-writable', stage: 'log' }));
  expect(log.queries.getTurn('turn-1')).toBeNull();
  rmSync(join(home, 'audio'));
  script.begin('turn-2');
  expect(log.queries.getTurn('turn-2')).not.toBeNull();
});
