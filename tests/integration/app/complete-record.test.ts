/** What the issue of an audit asks of one turn, and where `sessions show ID --json` answers it. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { openAuditReader } from '../../../src-main/audit/audit-log.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { temporaryHome } from '../../support/audit.ts';
import { startProviderServer } from '../../support/provider-server.ts';
import { speech } from '../../support/speech.ts';
import { TestWindow } from '../../support/test-window.ts';

const CREDENTIALS = [
  'sk-audit-0123456789abcdef',
  'tool-password-0123456789',
  'url-password-0123456789',
  'header-password-0123456789',
];

async function usedHome() {
  const [apiKey = '', toolPassword = '', urlPassword = '', headerPassword = ''] = CREDENTIALS;
  const server = await startProviderServer({ reply: 'It is nine o’clock.', transcript: 'What time is it?' });
  onTestFinished(() => server.close());
  const home = temporaryHome();
  const otlpEndpoint = `http://user:${urlPassword}@127.0.0.1:9/`;
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ stt: { mode: 'batch' } }));
  const secrets = createMemorySecretStore();
  const app = await createApp({ home, host: 'cli', secrets, environment: { OPENAI_BASE_URL: server.baseUrl } });
  const window = new TestWindow(app);
  await window.invoke('settings.setKey', { stage: null, key: apiKey });
  const turn = await window.say(await speech('What time is it?'));
  const tool = {
    name: 'files',
    transport: {
      type: 'stdio' as const,
      command: 'never-run',
      args: ['--password', toolPassword],
      env: { P: toolPassword },
    },
    approval: 'ask' as const,
    enabled: false,
  };
  const headers = { Authorization: `Bearer ${headerPassword}` };
  const remote = {
    ...tool,
    name: 'remote',
    transport: { type: 'http' as const, url: 'http://127.0.0.1:9/mcp', headers },
  };
  await window.invoke('settings.update', { mcp: [tool, remote], telemetry: { otlpEndpoint } });
  const typed = await window.type('And now?');
  await app.close();
  return { home, turn, typed };
}

it('answers everything that is asked of a turn', async () => {
  const { home, turn, typed } = await usedHome();
  const reader = openAuditReader(home);
  onTestFinished(() => reader?.close());
  const detail = reader?.queries.getSessionDetail(turn.sessionId);
  const [spoken, second] = detail?.turns ?? [];
  const version = expect.stringMatching(/^\d+\.\d+/);
  expect(detail?.runs).toMatchObject([
    { versions: { squelch: version, openai: version, node: version, sqlite: version }, platform: expect.any(String) },
  ]);
  expect(spoken).toMatchObject({
    id: turn.id,
    outcome: 'completed',
    configuration: {
      agentId: 'assistant',
      instructions: expect.any(String),
      vad: { threshold: 0.5, modelSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      input: { deviceLabel: 'Test microphone', processing: [] },
    },
    inForce: {
      agent: { id: 'assistant', kind: 'shipped', sha256: null },
      settings: { stt: { mode: 'batch' }, mcp: [] },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
    phases: expect.arrayContaining([expect.objectContaining({ phase: 'recording' })]),
    timings: { releaseToTranscriptMs: expect.any(Number), totalMs: expect.any(Number) },
    user: {
      committed: 'What time is it?',
      lostFrames: 0,
      level: { rmsDbfs: expect.any(Number), peakDbfs: expect.any(Number) },
      transcript: expect.arrayContaining([expect.objectContaining({ final: true })]),
      segments: expect.arrayContaining([expect.objectContaining({ startSample: expect.any(Number) })]),
      audio: { file: expect.stringMatching(/user\.wav$/), samples: expect.any(Number) },
    },
    reply: {
      text: 'It is nine o’clock.',
      heardText: 'It is nine o’clock.',
      audio: { file: expect.stringMatching(/agent\.wav$/) },
      playback: expect.any(Array),
    },
  });
  expect(spoken?.user.vadProbabilities.length).toBeGreaterThan(10);
  expect(spoken?.requests.map(({ stage }) => stage).sort()).toEqual(['llm', 'stt', 'tts']);
  for (const request of spoken?.requests ?? []) {
    expect(request).toMatchObject({ status: 200, retry: 0, outcome: 'completed', durationMs: expect.any(Number) });
    expect(request.withheld).toContain('authorization');
    expect(request.response?.chunks.length).toBeGreaterThan(0);
  }
  const llm = spoken?.requests.find(({ stage }) => stage === 'llm');
  expect(llm?.body).toMatchObject({ text: expect.stringContaining('What time is it?') });
  const usage = spoken?.usage.find(({ stage }) => stage === 'llm');
  expect(usage).toMatchObject({
    inputTokens: expect.any(Number),
    outputTokens: expect.any(Number),
    raw: expect.anything(),
  });

  expect(second?.id).toBe(typed.id);
  expect(second?.inForce?.settings).toMatchObject({
    mcp: [
      { name: 'files', transport: { command: 'never-run', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
      { name: 'remote', transport: { url: 'http://127.0.0.1:9/mcp', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ],
  });
  expect(second?.inForce?.sha256).not.toBe(spoken?.inForce?.sha256);
});

it('keeps no credential anywhere but where the user put it', async () => {
  const { home } = await usedHome();
  const files = globSync('**/*', { cwd: home, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(4);
  const withCredentials = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => CREDENTIALS.some((secret) => readFileSync(path).includes(secret)));
  // The settings are the user's own file; tool servers are started with what stands there.
  expect(withCredentials).toEqual([join(home, 'settings.json')]);
});
