/**
 * Recognition over a WebSocket of the OpenAI API: the sound goes out while the key is down, each phrase is committed as
 * soon as voice detection closes it, and its words come back while the next one is spoken.
 */
import type { Stt } from '../../speech/stt/stt.ts';
import type { RealtimeServer } from './realtime-connection.ts';
import { RealtimeLink } from './realtime-link.ts';
import { listen } from './realtime-listening.ts';
import { hearing } from './realtime-session.ts';
import { transcriptionUsage } from './stt.ts';

export interface OpenAiRealtimeSttConfig extends RealtimeServer {
  readonly model: string;
  /** BCP 47, for the connection that is made ahead of need; null lets the provider detect it. */
  readonly language: string | null;
}

export function openAiRealtimeStt({ model, language, ...server }: OpenAiRealtimeSttConfig): Stt {
  let expected = language;
  const link = new RealtimeLink({
    server,
    stage: 'stt',
    model,
    query: 'intent=transcription',
    session: () => ({ type: 'transcription', audio: { input: hearing(model, expected) } }),
  });
  return {
    label: `openai/${model}`,
    recognize(audio, options) {
      if (options.language !== expected) link.close();
      expected = options.language;
      return listen(audio, {
        link,
        signal: options.signal,
        items: 'phrases',
        onTranscribed: ({ durationMs }, usage) => options.onUsage?.(transcriptionUsage(model, usage, durationMs)),
      });
    },
    warm: () => link.warm(),
  };
}
