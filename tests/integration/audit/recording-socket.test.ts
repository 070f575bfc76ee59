import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RequestDetail } from '../../../src-main/audit/reading/session-detail.ts';
import { withCall } from '../../../src-main/speech/call.ts';
import type { Stt } from '../../../src-main/speech/stt/stt.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import {
  type RealtimeServerOptions,
  startRealtimeServer,
  type TestRealtimeServer,
} from '../../support/realtime-server.ts';
import { EventScript } from '../../support/turns.ts';
import { microphone, realtimeServerAt, recognize, sttAt, take } from '../realtime/calls.ts';

const KEY = 'sk-proj-THIS-must-never-be-written-0123456789';

async function startLog(options: RealtimeServerOptions = {}) {
  const server = await startRealtimeServer(options);
  onTestFinished(() => server.close());
  const home = temporaryHome();
  const opened = openLog(home);
  const script = new EventScript(opened.log.record);
  const stt = sttAt({ ...realtimeServerAt(server.baseUrl, opened.log.recordingSocket), apiKey: KEY });
  const requestsOf = (turnId: string): readonly RequestDetail[] =>
    opened.log.queries.getSessionDetail('session-1')?.turns.find(({ id }) => id === turnId)?.requests ?? [];
  return { server, home, script, stt, requestsOf, ...opened };
}

function speakFor(turnId: string, stt: Stt, phrases: number) {
  const audio = microphone(take(phrases));
  audio.close();
  return withCall({ turnId, stage: 'stt' }, () => recognize(stt, audio));
}

/** As the server got them from the `first` on. */
function linesOf(server: TestRealtimeServer, first: number): unknown[] {
  return server.events.slice(first).map(({ connection: _, ...event }) => event);
}

function linesIn(body: RequestDetail['body'] | undefined): string[] {
  const text = body && 'text' in body ? body.text : '';
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

function filesWith(home: string, text: string): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => readFileSync(path).includes(text));
}

it('records every message of a turn, as it was sent and as it came, and when', async () => {
  const { server, script, stt, requestsOf } = await startLog();
  script.begin('turn-1');
  await speakFor('turn-1', stt, 2);
  script.end('turn-1', 'completed');
  const [request, ...others] = requestsOf('turn-1');
  expect(others).toEqual([]);
  expect(request).toMatchObject({
    stage: 'stt',
    method: 'GET',
    url: `${server.baseUrl.replace('http', 'ws')}/realtime?intent=transcription`,
    status: 101,
    outcome: 'completed',
    error: null,
  });
  const sent = linesIn(request?.body);
  expect(sent.map((line) => JSON.parse(line))).toEqual(linesOf(server, 0));
  const offsets = sent.map((_, index) =>
    Buffer.byteLength(
      sent
        .slice(0, index)
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
  expect(request?.chunks.map(({ offset }) => offset)).toEqual(offsets);
  const received = linesIn(request?.response?.body ?? undefined).map((line) => JSON.parse(line).type);
  expect(received.slice(0, 2)).toEqual(['session.created', 'session.updated']);
  expect(received.at(-1)).toBe('conversation.item.input_audio_transcription.completed');
  expect(request?.response?.chunks).toHaveLength(received.length);
});

it('gives each turn its own part of one connection', async () => {
  const { server, script, stt, requestsOf } = await startLog();
  script.begin('turn-1');
  await speakFor('turn-1', stt, 1);
  script.end('turn-1', 'completed');
  const first = server.events.length;
  script.begin('turn-2');
  await speakFor('turn-2', stt, 1);
  script.end('turn-2', 'completed');
  expect(server.connections).toHaveLength(1);
  const [request] = requestsOf('turn-2');
  expect(request).toMatchObject({ status: 101, outcome: 'completed' });
  expect(linesIn(request?.body).map((line) => JSON.parse(line))).toEqual(linesOf(server, first));
  expect(linesIn(request?.response?.body ?? undefined)[0]).toContain('input_audio_buffer.committed');
});

it('never keeps the key', async () => {
  const { server, home, script, stt, requestsOf, close } = await startLog({
    intercept({ type }, end) {
      if (type !== 'session.update') return false;
      end.send({ type: 'session.updated', session: {}, note: `you sent ${KEY}` });
      return true;
    },
  });
  script.begin('turn-1');
  await speakFor('turn-1', stt, 1);
  script.end('turn-1', 'completed');
  expect(server.connections[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
  const [request] = requestsOf('turn-1');
  expect(request?.withheld).toContain('authorization');
  close();
  expect(filesWith(home, 'input_audio_buffer.commit')).not.toEqual([]);
  expect(filesWith(home, KEY)).toEqual([]);
});

it('says what became of a connection that was lost, and of one that was refused', async () => {
  let drops = 1;
  const { script, stt, requestsOf, log } = await startLog({
    intercept({ type }, end) {
      if (type !== 'input_audio_buffer.commit' || drops-- <= 0) return false;
      end.drop();
      return true;
    },
  });
  script.begin('turn-1');
  await speakFor('turn-1', stt, 1);
  script.end('turn-1', 'completed');
  expect(requestsOf('turn-1').map(({ outcome, error }) => ({ outcome, error }))).toEqual([
    { outcome: 'failed', error: 'closed with 1006' },
    { outcome: 'completed', error: null },
  ]);
  const gone = await startRealtimeServer();
  await gone.close();
  const nobody = sttAt(realtimeServerAt(gone.baseUrl, log.recordingSocket));
  script.begin('turn-2');
  await expect(speakFor('turn-2', nobody, 1)).rejects.toMatchObject({ code: 'unreachable' });
  script.end('turn-2', 'failed');
  const [refused] = requestsOf('turn-2');
  expect(refused).toMatchObject({ outcome: 'failed', status: null, response: null });
  expect(refused?.error).toContain('ECONNREFUSED');
});

it.each(['text', 'audio'] as const)('leaves nothing of a redacted turn in later ones: %s', async (part) => {
  const { server, home, script, log } = await startLog();
  const socket = new log.recordingSocket(`${server.baseUrl.replace('http', 'ws')}/realtime`);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  const send = (turnId: string, secret: string) =>
    withCall({ turnId, stage: 'realtime' }, () => socket.send(JSON.stringify({ type: 'note', secret })));
  script.begin('turn-1');
  send('turn-1', 'SECRET');
  script.end('turn-1', 'completed');
  script.begin('turn-2');
  send('turn-2', 'SECRET, restored');
  script.end('turn-2', 'completed');
  script.begin('turn-3', { source: 'text' });
  withCall({ turnId: 'turn-3', stage: 'stt' }, () => socket.send('UNCONCERNED'));
  script.end('turn-3', 'completed');
  expect(filesWith(home, 'SECRET')).not.toEqual([]);
  log.redactTurn('turn-1', part, 'asked for');
  expect(filesWith(home, 'SECRET')).toEqual([]);
  expect(filesWith(home, 'UNCONCERNED')).not.toEqual([]);
});

it('records nothing outside of turns', async () => {
  const { server, script, stt, requestsOf } = await startLog();
  script.begin('turn-1');
  stt.warm();
  await server.received('session.update');
  script.end('turn-1', 'completed');
  expect(requestsOf('turn-1')).toEqual([]);
});
