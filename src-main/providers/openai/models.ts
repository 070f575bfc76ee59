/** Every model of the OpenAI API. Loaded when a server is first used: its SDK takes longer to load than all the rest. */
export { openAiLlm } from './llm.ts';
export { openAiRealtime } from './realtime.ts';
export { openAiRealtimeStt } from './realtime-stt.ts';
export { openAiTranscriber } from './stt.ts';
export { openAiSpeaker } from './tts.ts';
