/** What a session gives its agents to recognise, think and speak with. */
import type { Llm } from '../speech/llm/llm.ts';
import type { RealtimeModel } from '../speech/realtime/realtime.ts';
import type { Stt } from '../speech/stt/stt.ts';
import type { Tts } from '../speech/tts/tts.ts';
import type { Vad, VadOptions } from '../speech/vad/vad.ts';

export interface Models {
  readonly stt: Stt;
  readonly llm: Llm;
  /** Speech to speech in place of the three, for agents that lose nothing by it; null for none. */
  readonly realtime: RealtimeModel | null;
  /** @param voice null is the one of the settings */
  tts(voice: string | null): Tts;
  readonly vad: Vad;
  /** For the takes of this agent. */
  vadOptions(agent: { readonly id: string; readonly vad: Partial<VadOptions> }): VadOptions;
  /** BCP 47; null lets the recogniser detect it. */
  readonly language: string | null;
}

/** Those of an agent, instead of the session's; null switches the stage off. */
export interface OwnModels {
  readonly stt: Stt | null | undefined;
  readonly llm: Llm | RealtimeModel | null | undefined;
  readonly tts: Tts | null | undefined;
  /** A voice of the session's text-to-speech. */
  readonly voice: string | null;
  /** Whether work of the agent's would be lost with a realtime model. */
  readonly needsPipeline: boolean;
}
