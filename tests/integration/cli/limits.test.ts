/** What the system denies a command, by its limits or a device that is full: said in a line, and nothing kept is lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { encodeWav } from '../../../src-main/audio/wav.ts';
import { speech } from '../../support/speech.ts';
import { squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const COMMAND_LINE = fileURLToPath(new URL('../../../src-main/hosts/cli/index.ts', import.meta.url));

/** Runs the command in a shell that has set a limit. @param limit `ulimit -f 10`: no file larger than that many kilobytes */
async function limited(limit: string, args: readonly string[], output = 'pipe') {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...environment } = process.env;
  const redirect = output === 'pipe' ? '' : `> ${output}`;
  const script = `${limit}; trap '' XFSZ; exec "$0" "$@" ${redirect}`;
  const child = spawn('bash', ['-c', script, process.execPath, COMMAND_LINE, ...args], { env: environment });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status: child.exitCode, stdout, stderr };
}

async function spokenHome(seconds: number): Promise<{ home: string; recording: string }> {
  const home = await temporaryFolder();
  const recording = join(await temporaryFolder(), 'words.wav');
  const words = await speech('Is there anybody who can hear me?');
  const sound = new Int16Array(seconds * 24_000);
  for (let at = 0; at + words.length <= sound.length; at += words.length) sound.set(words, at);
  await writeFile(recording, encodeWav(sound, 24_000));
  return { home, recording };
}

test.skipIf(process.platform !== 'linux')(
  'a recording that may not grow is said, and what fitted is kept',
  async () => {
    const { home, recording } = await spokenHome(10);
    const talked = await limited('ulimit -f 300', ['talk', '--audio', recording, '--home', home]);
    expect(talked.stderr).toContain('squelch: The system lets Squelch write no file so large (EFBIG');
    expect(talked.stdout).toContain('completed');
    const mended = await squelch(['talk', '--text', 'And now?', '--home', home]);
    expect(mended.status).toBe(0);
    const sounds = readdirSync(join(home, 'audio'), { recursive: true }).map(String);
    expect(sounds.filter((name) => name.endsWith('.user.wav') && !name.includes('in-flight'))).toHaveLength(1);
    expect((await squelch(['sessions', 'verify', '--home', home])).stdout).toMatch(/^ok · /);
  },
);

test.skipIf(process.platform !== 'linux')('an export or a backup that may not grow leaves nothing', async () => {
  const { home, recording } = await spokenHome(3);
  await squelch(['talk', '--audio', recording, '--home', home]);
  const [session] = (await squelch(['sessions', '--json', '--home', home])).json() as { id: string }[];
  const folder = await temporaryFolder();
  const args = [
    ['export', session?.id ?? '', '--format', 'wav', '--out', join(folder, 'out.wav')],
    ['backup', '--out', join(folder, 'copy')],
  ];
  for (const command of args) {
    const { status, stderr } = await limited('ulimit -f 40', ['sessions', ...command, '--home', home]);
    expect([status, stderr.split('\n')]).toEqual([1, [expect.stringMatching(/^squelch: .+\.$/), '']]);
  }
  expect(readdirSync(folder)).toEqual([]);
  expect((await squelch(['sessions', 'verify', '--home', home])).stdout).toMatch(/^ok · /);
});

test.skipIf(process.platform !== 'linux')('a result that can’t be written out is a failure in one line', async () => {
  const { home } = await spokenHome(1);
  await squelch(['talk', '--text', 'Hello', '--home', home]);
  const { status, stderr } = await limited(':', ['sessions', '--home', home], '/dev/full');
  expect(stderr).toMatch(/^squelch: The result can’t be written out \(ENOSPC.*\)\. Send it elsewhere\.\n$/);
  expect(status).toBe(1);
});
