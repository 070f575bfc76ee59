/** `squelch talk`: a whole turn from a recording, as if held while it plays, or from a typed message. */
import { rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ApprovalView } from '../../../src-preload/agents-contract.ts';
import { PACKET_RATE } from '../../../src-preload/audio-packet.ts';
import type { TurnView } from '../../../src-preload/contract.ts';
import { decodeAudioFile } from '../../audio/decode.ts';
import { samplesToMs } from '../../audio/frame.ts';
import { encodeWav } from '../../audio/wav.ts';
import { Fault } from '../../fault.ts';
import { checkWritable, temporaryName } from './check-writable.ts';
import { openApp } from './open-app.ts';
import { EXIT, explained, mention, report, UsageError } from './report.ts';
import { stepLines } from './step-lines.ts';
import { CommandLineWindow, type Sound } from './window.ts';

export interface TalkOptions {
  readonly audio?: string;
  readonly text?: string;
  readonly agent?: string;
  readonly session?: string;
  readonly private?: boolean;
  readonly realtime?: boolean;
  readonly approveTools?: boolean;
  readonly saveReply?: string;
  readonly json?: boolean;
  readonly home?: string;
}

/** Each ends the turn, which is kept as cancelled. */
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @returns the exit status. @throws UsageError, Fault */
export async function talk(options: TalkOptions): Promise<number> {
  const { audio, text } = options;
  if ((audio === undefined) === (text === undefined)) throw new UsageError('say either --audio FILE or --text WORDS');
  if (text !== undefined && text.trim() === '') throw new UsageError('--text is empty');
  // Before the key goes down: a file that can't be read starts no turn, a reply that can't be saved is not asked for.
  const sound = audio === undefined ? null : await openSound(audio);
  if (options.saveReply) await checkWritable(options.saveReply, '--save-reply');

  const app = await openApp(options.home, 'cli');
  const decide = options.approveTools ? () => 'once' as const : denyAloud;
  const window = new CommandLineWindow(app, options.realtime ?? false, decide);
  let stopped = false;
  const stop = () => {
    stopped = true;
    window.invoke('talk.cancel', {}).catch(() => {});
  };
  for (const signal of STOPS) process.on(signal, stop);
  try {
    const { agent, session, private: isPrivate } = options;
    const chosen = { agentId: agent, sessionId: session, private: isPrivate };
    const greeting = agent || session || isPrivate ? await window.begin(chosen) : null;
    if (greeting?.reply.text) mention(`Squelch  ${greeting.reply.text}`);
    if (stopped) throw new Fault('stopped', 'Stopped before the turn began.', { hint: 'Run the command again.' });
    const turn = sound ? await window.speak(sound) : await window.type(text ?? '');
    if (options.saveReply) await saveReply(options.saveReply, window.reply);
    report(options.json ?? false, talkDocument(turn), talkText(turn));
    return turn.outcome === 'completed' || turn.outcome === 'no-speech' ? EXIT.done : EXIT.failed;
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
    window.close();
    await app.close();
  }
}

function denyAloud({ server, tool }: ApprovalView): 'deny' {
  mention(`Denied ${tool} of ${server}: run it with --approve-tools to allow such calls.`);
  return 'deny';
}

/** Reads the file through once: what is damaged is found before anything is sent, and the length is known. */
async function openSound(path: string): Promise<Sound> {
  let samples = 0;
  for await (const frame of decodeAudioFile(path)) samples += frame.samples.length;
  return { frames: decodeAudioFile(path), durationMs: samplesToMs(samples, PACKET_RATE), name: basename(path) };
}

/** Replaces the file, and only when it is complete. */
async function saveReply(path: string, reply: Int16Array): Promise<void> {
  if (reply.length === 0) {
    mention(`Nothing was spoken, so ${path} was not written.`);
    return;
  }
  await writeFile(temporaryName(path), encodeWav(reply, PACKET_RATE));
  await rename(temporaryName(path), path);
}

/** What scripts get; promised in the README. */
export function talkDocument(turn: TurnView): Record<string, unknown> {
  return {
    sessionId: turn.sessionId,
    turnId: turn.id,
    outcome: turn.outcome,
    transcript: turn.user.committed,
    reply: turn.reply.text,
    heardText: turn.reply.text.slice(0, turn.reply.heardLength),
    timings: turn.timings,
    usage: turn.usage,
    error: turn.error,
  };
}

export function talkText(turn: TurnView): string {
  const { user, reply, error, timings } = turn;
  const lines = [];
  if (user.committed) lines.push(`You      ${user.committed}`);
  lines.push(...stepLines(turn.steps));
  if (reply.text) lines.push(`Squelch  ${reply.text}`);
  if (turn.outcome === 'no-speech') lines.push('No speech was heard, so nothing was sent.');
  if (error) lines.push(`Failed   ${explained(error)}`);
  const steps = [
    ['transcript', timings?.releaseToTranscriptMs],
    ['first word', timings?.releaseToFirstTokenMs],
    ['first sound', timings?.releaseToFirstAudioMs],
  ] as const;
  const times = steps.flatMap(([name, ms]) => (ms == null ? [] : [`${name} ${Math.round(ms)} ms`]));
  lines.push([`${turn.outcome}`, ...times, `session ${turn.sessionId}`, `turn ${turn.id}`].join(' · '));
  return lines.join('\n');
}
