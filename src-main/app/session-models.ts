/** What a conversation hears, thinks and speaks with: the stages that were chosen, and voice detection as its agent has it. */
import type { Settings } from '../../src-preload/settings.ts';
import type { Models } from '../conversation/models.ts';
import type { Vad } from '../speech/vad/vad.ts';
import type { ModelNames, Stages } from './stages.ts';

/** @param names of models instead of the settings' own */
export function sessionModels(stages: Stages, names: ModelNames, vad: Vad, settings: () => Settings): Models {
  const { stt, llm, tts, realtime } = stages.withModels(names);
  return {
    stt,
    llm,
    tts,
    realtime,
    vad,
    vadOptions: ({ id, vad: own }) => {
      const { vad, agentVad } = settings();
      const chosen = agentVad.find(({ agentId }) => agentId === id);
      return chosen ?? { ...vad, ...own };
    },
    language: settings().stt.language,
  };
}
