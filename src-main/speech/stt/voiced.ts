/** Whether a frame may hold speech: what recognisers are spared, since they make words out of silence. */
import type { AudioFrame } from '../../audio/frame.ts';

/** A probability that speech is quite unlikely to stay under, Silero's threshold being 0.5. */
const VOICED_PROBABILITY = 0.2;

/** A frame that no detector has judged counts as voiced: better sent in vain than lost. */
export function isVoiced({ activity }: AudioFrame): boolean {
  return !activity || activity.speaking || activity.segmentEnded || (activity.probability ?? 0) >= VOICED_PROBABILITY;
}
