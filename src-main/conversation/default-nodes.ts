/** What each node of an agent does unless it is overridden: the session's models, or the agent's own. */
import type { AudioFrame } from '../audio/frame.ts';
import type { ChatChunk } from '../speech/llm/llm.ts';
import type { SpeechEvent } from '../speech/stt/stt.ts';
import type { ChatContext } from './chat-context.ts';
import type { OwnModels } from './models.ts';
import type { NodeSettings } from './node.ts';
import { llmOf } from './realtime-sessions.ts';
import type { Session } from './session-interface.ts';
import type { Tool } from './tool.ts';

/** Whose node it is. */
interface NodeOwner extends OwnModels {
  readonly session: Pick<Session, 'models' | 'language' | 'reportUsage'>;
}

export const defaultNodes = {
  /** Recognises speech with the agent's STT, or the session's. */
  sttNode(
    agent: NodeOwner,
    audio: AsyncIterable<AudioFrame>,
    { signal }: NodeSettings,
  ): AsyncIterable<SpeechEvent> | null {
    const { models, language, reportUsage } = agent.session;
    const stt = agent.stt === undefined ? models.stt : agent.stt;
    const options = { signal, language, onUsage: reportUsage };
    return stt?.recognize(audio, options) ?? null;
  },

  /** Answers with the agent's LLM, or the session's. */
  llmNode(
    agent: NodeOwner,
    chatCtx: ChatContext,
    tools: readonly Tool[],
    { signal, toolChoice, responseFormat }: NodeSettings,
  ): AsyncIterable<ChatChunk> | null {
    const { models, reportUsage } = agent.session;
    const llm = llmOf(agent, models);
    const options = {
      signal,
      onUsage: reportUsage,
      tools: tools.map(({ definition }) => definition),
      ...(toolChoice ? { toolChoice } : {}),
      ...(responseFormat ? { responseFormat } : {}),
    };
    return llm?.chat(chatCtx.items, options) ?? null;
  },

  /** Speaks with the agent's TTS, or the session's in the agent's voice. */
  ttsNode(
    agent: NodeOwner,
    text: AsyncIterable<string>,
    { signal, voiceInstructions }: NodeSettings,
  ): AsyncIterable<AudioFrame> | null {
    const { models, reportUsage } = agent.session;
    const tts = agent.tts === undefined ? models.tts(agent.voice) : agent.tts;
    const options = {
      signal,
      onUsage: reportUsage,
      ...(voiceInstructions ? { instructions: voiceInstructions } : {}),
    };
    return tts?.synthesize(text, options) ?? null;
  },

  /** Shows the text as it is. */
  transcriptionNode(_agent: NodeOwner, text: AsyncIterable<string>, _settings: NodeSettings): AsyncIterable<string> {
    return text;
  },

  /** Plays a realtime model's voice as it is. */
  realtimeAudioOutputNode(
    _agent: NodeOwner,
    audio: AsyncIterable<AudioFrame>,
    _settings: NodeSettings,
  ): AsyncIterable<AudioFrame> {
    return audio;
  },
};
