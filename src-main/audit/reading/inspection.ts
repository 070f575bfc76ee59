/** A turn's evidence as the inspector shows it, and what a player shows of it. */
import type { TurnView } from '../../../src-preload/contract.ts';
import type { InspectionView, SoundView } from '../../../src-preload/inspection.ts';
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { type CaptureRecord, type ConfigurationRecord, VAD_WINDOW_MS } from '../chain/records.ts';
import type { SessionDetail, TurnDetail } from './session-detail.ts';
import type { TurnContents } from './turn-contents.ts';
import { agentWordTimes, userWordTimes } from './word-times.ts';

export function inspectionOf(detail: TurnDetail, run: SessionDetail['runs'][number] | null): InspectionView {
  const { id, at, phases, requests, configuration, inForce, user } = detail;
  const { modelSha256: _, ...vadOptions } = configuration?.vad ?? { modelSha256: null };
  return {
    turnId: id,
    startedAt: at,
    phases,
    requests,
    vad: vadView(configuration, user, user.vadProbabilities),
    input: configuration && {
      deviceLabel: configuration.input.deviceLabel,
      processing: configuration.input.processing,
      level: user.level,
    },
    transcript: user.transcript,
    instructions: configuration?.instructions ?? null,
    vadOptions: configuration && vadOptions,
    agent: inForce?.agent ?? null,
    settings: inForce && { text: JSON.stringify(inForce.settings), sha256: inForce.sha256 },
    run,
  };
}

export function soundOf({ id, reply, user }: TurnView, contents: TurnContents): SoundView {
  const { capture, configuration, vad } = contents;
  const heard = { segments: capture?.segments ?? [], vadError: capture?.vadError ?? null };
  return {
    turnId: id,
    vad: vadView(configuration, heard, vad),
    words: {
      user: userWordTimes(user.committed, heard.segments, contents.user?.samples ?? 0),
      agent: agentWordTimes(reply.text, contents.reply?.marks ?? [], contents.agent?.samples ?? 0),
    },
  };
}

function vadView(
  configuration: ConfigurationRecord | null,
  { segments, vadError }: Pick<CaptureRecord, 'segments' | 'vadError'>,
  probabilities: Iterable<number>,
): InspectionView['vad'] {
  return {
    windowMs: VAD_WINDOW_MS,
    // Finer than can be drawn, and a fifth of the bytes.
    probabilities: Array.from(probabilities, (probability) => Math.round(probability * 1_000) / 1_000),
    segments: segments.map(({ startSample, endSample }) => ({
      startMs: samplesToMs(startSample, PIPELINE_RATE),
      endMs: samplesToMs(endSample, PIPELINE_RATE),
    })),
    threshold: configuration?.vad.threshold ?? null,
    modelSha256: configuration?.vad.modelSha256 ?? null,
    error: vadError,
  };
}
