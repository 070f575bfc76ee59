/** How a turn begins: from where, with what, and under which configuration. */
import type { AudioFrame } from '../audio/frame.ts';
import type { Transport } from '../transport/transport.ts';
import type { Agent } from './agent.ts';
import type { Speaker, TurnConfiguration, TurnSource } from './events.ts';
import type { Models } from './models.ts';
import { realtimeModelOf } from './realtime-sessions.ts';

/** The microphone, as the window describes it. */
export type InputDescription = TurnConfiguration['input'];

/** What a turn without a microphone brings. */
export type SentContent =
  | { readonly type: 'text'; readonly text: string }
  /** 24 kHz. */
  | { readonly type: 'recording'; readonly frames: AsyncIterable<AudioFrame> };

export interface SendOptions {
  readonly transport: Transport;
  readonly content: SentContent;
  /** The turn that is sent again. */
  readonly retryOf: string | null;
  /** Whose words these are, in a room with several people. */
  readonly speaker?: Speaker;
}

export interface Opening {
  readonly transport: Transport;
  readonly source: TurnSource;
  readonly input: InputDescription;
  readonly content: SentContent | null;
  readonly retryOf: string | null;
}

export function turnConfiguration(agent: Agent, models: Models, input: InputDescription): TurnConfiguration {
  const { stt, llm, tts, vad, vadOptions } = models;
  const realtime = realtimeModelOf(agent, models);
  const label = (own: { label: string } | null | undefined, shared: { label: string }): string =>
    own === undefined ? shared.label : (own?.label ?? 'none');
  return {
    agentId: agent.id,
    instructions: agent.instructions,
    stt: realtime?.label ?? label(agent.stt, stt),
    llm: realtime?.label ?? label(agent.llm, llm),
    tts: realtime?.label ?? label(agent.tts, tts(agent.voice)),
    vad: { ...vadOptions(agent), modelSha256: vad.modelSha256 },
    input,
  };
}
