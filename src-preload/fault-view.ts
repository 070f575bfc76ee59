/** An error as it is shown: what happened, where, and what to do. */
import { z } from 'zod';

export const fault = z.object({
  stage: z.enum(['capture', 'vad', 'stt', 'llm', 'tts', 'playback', 'log', 'hook', 'tool']).nullable(),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  /** What it came of, in the words of what threw it. */
  cause: z.string().optional(),
});
export type FaultView = z.infer<typeof fault>;
