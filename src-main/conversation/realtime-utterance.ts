/**
 * One answer of a realtime model: its words stream through transcriptionNode to the eye, its voice through
 * realtimeAudioOutputNode to the ear, and it remembers no more of it than was heard.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { Channel } from '../channel.ts';
import { toFault } from '../fault.ts';
import { inCall, withCall } from '../speech/call.ts';
import type { ToolCall } from '../speech/llm/llm.ts';
import type { RealtimeSession } from '../speech/realtime/realtime.ts';
import type { Agent } from './agent.ts';
import type { ChatContext } from './chat-context.ts';
import { runNode } from './hooks.ts';
import type { NodeSettings } from './node.ts';
import { PlayedPosition } from './played-position.ts';
import type { SpeechOutput, SpokenPart } from './speech-output.ts';
import type { Tool } from './tool.ts';
import { expectFrame, expectText } from './utterance.ts';

export interface RealtimeUtteranceInput {
  readonly agent: Agent;
  readonly realtime: RealtimeSession;
  readonly context: ChatContext;
  readonly instructions: string;
  readonly tools: readonly Tool[];
  readonly settings: NodeSettings;
  /** Of the message that the answer becomes. */
  readonly messageId: string;
  readonly output: SpeechOutput;
  /** Called with the words as they are to be shown. */
  readonly onText: (text: string) => void;
  /** @param forget makes the model forget what was not heard; to be called when no more of it will be */
  readonly onBegin: (part: SpokenPart, forget: () => void) => void;
}

export interface RealtimeUtterance {
  /** null when there was nothing but function calls. */
  readonly part: SpokenPart | null;
  readonly calls: readonly ToolCall[];
}

/** Resolves when all of it is made, which may be before it is heard. @throws Fault */
export async function converse(input: RealtimeUtteranceInput): Promise<RealtimeUtterance> {
  const { agent, realtime, context, instructions, tools, settings, messageId, output } = input;
  const { turnId, signal, toolChoice } = settings;
  const words = new Channel<string>();
  const sound = new Channel<AudioFrame>();
  const calls: ToolCall[] = [];
  const work: Promise<void>[] = [];
  let part: SpokenPart | null = null;

  const begin = () => {
    if (part) return;
    const begun = output.begin();
    part = begun;
    const position = new PlayedPosition();
    input.onBegin(begun, () => {
      if (begun.silent) return;
      const heard = position.at(begun.heardSamples);
      withCall({ turnId, stage: 'realtime' }, () => realtime.truncate(messageId, heard));
    });
    work.push(show(input, words, begun), play(input, sound, begun, position));
    // The model's own failure is the one to report: these only follow from it.
    for (const one of work) one.catch(() => {});
  };

  const options = {
    messageId,
    instructions,
    tools: tools.map(({ definition }) => definition),
    signal,
    onUsage: agent.session.reportUsage,
    ...(toolChoice ? { toolChoice } : {}),
  };
  try {
    for await (const said of inCall({ turnId, stage: 'realtime' }, () => realtime.respond(context.items, options))) {
      if (said.type === 'call') calls.push(said.call);
      else {
        begin();
        if (said.type === 'text') words.push(said.text);
        else sound.push(said.frame);
      }
    }
    words.close();
    sound.close();
  } catch (thrown) {
    const fault = signal.aborted ? signal.reason : toFault(thrown, 'llm');
    words.fail(fault);
    sound.fail(fault);
    await Promise.allSettled(work);
    throw fault;
  }
  await Promise.all(work);
  return { part, calls };
}

async function show(
  { agent, settings, output, onText }: RealtimeUtteranceInput,
  words: AsyncIterable<string>,
  part: SpokenPart,
): Promise<void> {
  const { turnId, signal } = settings;
  const node = () => agent.transcriptionNode(words, settings);
  const pieces = inCall({ turnId, stage: 'llm' }, () => runNode('transcriptionNode', node, expectText, signal));
  for await (const piece of pieces) {
    onText(output.show(part, piece));
  }
}

async function play(
  { agent, settings, output }: RealtimeUtteranceInput,
  sound: AsyncIterable<AudioFrame>,
  part: SpokenPart,
  position: PlayedPosition,
): Promise<void> {
  const { turnId, signal } = settings;
  let taken = 0;
  const source = (async function* () {
    for await (const frame of sound) {
      taken += frame.samples.length;
      yield frame;
    }
  })();
  let audible = false;
  const node = () => agent.realtimeAudioOutputNode(source, settings);
  const frames = inCall({ turnId, stage: 'tts' }, () => runNode('realtimeAudioOutputNode', node, expectFrame, signal));
  for await (const frame of frames) {
    audible = true;
    const written = output.write(part, frame);
    position.mark(part.heard.totalSamples, taken);
    await written;
  }
  if (!audible) part.silence();
  part.heard.end();
}
