/** The Test button: really uses a stage once, as a turn would, and says in one line what came of it. */

import type { Stage } from '../../src-preload/settings.ts';
import { type AudioFrame, msToSamples, PIPELINE_RATE, samplesToMs } from '../audio/frame.ts';
import { createResampler } from '../audio/resample.ts';
import { ChatContext } from '../conversation/chat-context.ts';
import { Fault } from '../fault.ts';
import { speakWithFlite } from '../providers/practice/flite.ts';
import type { CallOptions } from '../speech/call.ts';
import type { RealtimeModel } from '../speech/realtime/realtime.ts';
import type { Stages } from './stages.ts';

const SENTENCE = 'This is a test.';
const FRAME_SAMPLES = msToSamples(20, PIPELINE_RATE);

/** @returns what was recognised, written or spoken. @throws Fault */
export function testStage(stage: Stage, stages: Stages, signal: AbortSignal): Promise<string> {
  const options: CallOptions = { signal };
  if (stage === 'stt') return testStt(stages, options);
  if (stage === 'llm') return testLlm(stages, options);
  return testTts(stages, options);
}

async function testStt({ stt }: Stages, options: CallOptions): Promise<string> {
  const words: string[] = [];
  for await (const event of stt.recognize(spokenFrames(SENTENCE), { ...options, language: null })) {
    if (event.type === 'final' && event.text !== '') words.push(event.text);
  }
  if (words.length === 0) return `Answered, but understood nothing of “${SENTENCE}”`;
  return `Heard “${words.join(' ')}”`;
}

async function testLlm({ llm, realtime }: Stages, options: CallOptions): Promise<string> {
  const context = new ChatContext();
  context.addMessage({ role: 'user', content: 'Answer with the one word: ready' });
  if (realtime) return testRealtime(realtime, context, options);
  let reply = '';
  for await (const { text } of llm.chat(context.items, options)) reply += text;
  if (reply.trim() === '') throw new Fault('reply-empty', 'The model answered nothing', { hint: 'Try another model.' });
  return `Wrote “${shortened(reply.trim())}”`;
}

async function testRealtime(model: RealtimeModel, context: ChatContext, options: CallOptions): Promise<string> {
  const session = model.open(null);
  let reply = '';
  try {
    const asked = { ...options, messageId: 'test', instructions: '', tools: [] };
    for await (const said of session.respond(context.items, asked)) if (said.type === 'text') reply += said.text;
  } finally {
    session.close();
  }
  return `Said “${shortened(reply.trim())}”`;
}

async function testTts({ tts }: Stages, options: CallOptions): Promise<string> {
  let spokenMs = 0;
  for await (const frame of tts(null).synthesize(once(SENTENCE), options)) {
    spokenMs += samplesToMs(frame.samples.length, frame.sampleRate);
  }
  if (spokenMs === 0) {
    throw new Fault('speech-empty', 'The server sent no sound', { hint: 'Try another model or voice.' });
  }
  return `Spoke for ${(spokenMs / 1000).toFixed(1)} s`;
}

async function* spokenFrames(text: string): AsyncGenerator<AudioFrame> {
  const speech = await speakWithFlite(text);
  const resampler = createResampler(speech.sampleRate, PIPELINE_RATE);
  const activity = { probability: 1, speaking: true, segmentEnded: false };
  for (const samples of [resampler.push(speech.samples), resampler.flush()]) {
    for (let start = 0; start < samples.length; start += FRAME_SAMPLES) {
      yield { samples: samples.slice(start, start + FRAME_SAMPLES), sampleRate: PIPELINE_RATE, activity };
    }
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
