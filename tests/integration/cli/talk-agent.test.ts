import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startProviderServer } from '../../support/provider-server.ts';
import { squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('talk --agent lets the agent finish its greeting, then has its turn; the saved reply is the answer alone', async () => {
  const home = await temporaryFolder();
  const answer = new Int16Array(12_000).fill(1_000);
  const server = await startProviderServer({
    reply: (messages) => (messages.some(({ role }) => role === 'user') ? 'At eight.' : 'Welcome. A table?'),
    speech: (text) => (text === 'At eight.' ? answer : new Int16Array(24_000).fill(500)),
  });
  onTestFinished(() => server.close());
  const path = join(home, 'reply.wav');
  const finished = await squelch(
    ['talk', '--agent', 'restaurant', '--text', 'When?', '--save-reply', path, '--json', '--home', home],
    { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test' },
  );
  expect([finished.status, finished.stderr]).toEqual([0, 'Squelch  Welcome. A table?\n']);
  expect(finished.json()).toMatchObject({ outcome: 'completed', transcript: 'When?', reply: 'At eight.' });
  const saved = await readFile(path);
  expect(new Int16Array(saved.buffer.slice(saved.byteOffset + 44, saved.byteOffset + saved.length))).toEqual(answer);
});

test('talk --agent in practice: the greeting is one, and comes before the turn', async () => {
  const home = await temporaryFolder();
  const finished = await squelch(['talk', '--agent', 'restaurant', '--text', 'Which keys are there?', '--home', home]);
  expect(finished.stderr).toMatch(/^Squelch {2}Hello\. I am the practice guide\b.*\n$/);
  expect(finished.stdout).toMatch(/^You {6}Which keys are there\?\nSquelch {2}Hold the space bar/);
});

test('talk --agent with one that does not exist: the way out, and nothing is sent', async () => {
  const finished = await squelch(['talk', '--agent', 'nobody', '--text', 'Hi.', '--home', await temporaryFolder()]);
  expect(finished.status).toBe(1);
  expect(finished.stderr).toMatch(/^squelch: There is no agent "nobody".* `squelch agents`.*\n$/);
});

test('talk --agent dictation speaks of no clipboard: the command line has none', async () => {
  const finished = await squelch(['talk', '--agent', 'dictation', '--text', 'Hi.', '--home', await temporaryFolder()]);
  expect([finished.status, finished.stdout]).toEqual([
    0,
    expect.stringMatching(/^You {6}Hi\.\nStopped {2}Dictated\.\n/),
  ]);
});
