/** One thing an agent says: its text streams through transcriptionNode to the eye and through ttsNode to the ear. */
import type { AudioFrame } from '../audio/frame.ts';
import { Channel } from '../channel.ts';
import { type Fault, toFault } from '../fault.ts';
import { inCall } from '../speech/call.ts';
import type { Agent } from './agent.ts';
import { runNode } from './hooks.ts';
import type { NodeSettings } from './node.ts';
import type { SpeechOutput, SpokenPart } from './speech-output.ts';

export interface UtteranceInput {
  readonly agent: Agent;
  readonly settings: NodeSettings;
  /** What is said, as it is written. */
  readonly text: AsyncIterable<string>;
  /** Its sound, if ttsNode is not to make it. */
  readonly audio: AsyncIterable<AudioFrame> | null;
  readonly output: SpeechOutput;
  /** Called with the words as they are to be shown. */
  readonly onText: (text: string) => void;
  readonly onBegin: (part: SpokenPart) => void;
}

export interface Utterance {
  readonly part: SpokenPart;
  /** Its voice failed: the words are shown all the same. */
  readonly voiceFault: Fault | null;
}

/** Resolves when all sound is made, which may be before it is heard. @throws Fault when the text or its showing fails */
export async function speak(input: UtteranceInput): Promise<Utterance> {
  const { agent, settings, text, audio, output, onText, onBegin } = input;
  const { turnId, signal } = settings;
  const part = output.begin();
  onBegin(part);
  const shown = new Channel<string>();
  const spoken = new Channel<string>();
  let voiceFault: Fault | null = null;

  const writing = (async () => {
    for await (const piece of text) {
      shown.push(piece);
      spoken.push(piece);
    }
  })().then(
    () => {
      shown.close();
      spoken.close();
    },
    (thrown: unknown) => {
      shown.fail(thrown);
      spoken.fail(thrown);
      throw thrown;
    },
  );

  const showing = (async () => {
    const node = () => agent.transcriptionNode(shown, settings);
    const pieces = inCall({ turnId, stage: 'llm' }, () => runNode('transcriptionNode', node, expectText, signal));
    for await (const piece of pieces) {
      onText(output.show(part, piece));
    }
  })();

  const speaking = (async () => {
    let audible = false;
    const node = () => audio ?? agent.ttsNode(spoken, settings);
    const name = audio ? 'The audio given to say' : 'ttsNode';
    const frames = inCall({ turnId, stage: 'tts' }, () => runNode(name, node, expectFrame, signal));
    for await (const frame of frames) {
      audible = true;
      await output.write(part, frame);
    }
    if (!audible) part.silence();
    part.heard.end();
  })().catch((thrown: unknown) => {
    signal.throwIfAborted();
    voiceFault = toFault(thrown, 'tts');
  });

  // The text's own failure is the one to report: the others only follow from it.
  const [written, ...others] = await Promise.allSettled([writing, showing, speaking]);
  for (const { status, reason } of [written, ...others] as PromiseRejectedResult[]) {
    if (status === 'rejected') throw reason;
  }
  return { part, voiceFault };
}

export function expectText(item: unknown): string | null {
  return typeof item === 'string' ? null : 'text';
}

export function expectFrame(item: unknown): string | null {
  const frame = item as { samples?: unknown; sampleRate?: unknown } | null;
  return frame?.samples instanceof Int16Array && Number.isInteger(frame.sampleRate)
    ? null
    : 'audio frames: { samples: Int16Array, sampleRate }';
}
