/** A turn's evidence as the inspector shows it. */
import type { InspectionView } from '../../src-preload/inspection.ts';
import { PIPELINE_RATE, samplesToMs } from '../audio/frame.ts';
import { VAD_WINDOW_MS } from './records.ts';
import type { TurnDetail } from './session-detail.ts';
import { agentWordTimes, userWordTimes } from './word-times.ts';

export function inspectionOf({ id, at, phases, requests, configuration, user, reply }: TurnDetail): InspectionView {
  const { segments, vadProbabilities, vadError, audio } = user;
  return {
    turnId: id,
    startedAt: at,
    phases,
    requests,
    vad: {
      windowMs: VAD_WINDOW_MS,
      probabilities: vadProbabilities,
      segments: segments.map(({ startSample, endSample }) => ({
        startMs: samplesToMs(startSample, PIPELINE_RATE),
        endMs: samplesToMs(endSample, PIPELINE_RATE),
      })),
      threshold: configuration?.vad.threshold ?? null,
      modelSha256: configuration?.vad.modelSha256 ?? null,
      error: vadError,
    },
    words: {
      user: userWordTimes(user.committed, segments, audio?.samples ?? 0),
      agent: agentWordTimes(reply.text, reply.marks, reply.audio?.samples ?? 0),
    },
  };
}
