/** What voice detection heard in a recording: the curve over its outline, and in words what it took for speech. */
import './voice-detection.css';
import type { TurnView } from '../../src-preload/contract.ts';
import type { InspectionView } from '../../src-preload/inspection.ts';
import { formatClock, formatSeconds, sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useOutline } from './use-outline.ts';
import { Waveform } from './waveform.tsx';

const { vad: told } = words.history;

export function VoiceDetection({ turn, vad }: { turn: TurnView; vad: InspectionView['vad'] }) {
  const durationMs = Math.max(1, turn.user.audioMs);
  const measured = vad.probabilities.length > 0;
  const outline = useOutline(measured && turn.outcome !== null ? turn.id : null, 'user');
  if (!measured && !vad.error) return null;
  return (
    <section className="voice-detection" aria-label={told.title}>
      <h4 className="inspector-title">{told.title}</h4>
      {vad.error && <p className="inspector-note">{sentence(vad.error.message)}</p>}
      {measured && (
        <>
          <Waveform peaks={outline} durationMs={durationMs} played={0} heard={1} vad={vad} />
          <p className="voice-detection-axis evidence" aria-hidden="true">
            <span>0:00</span>
            <span>{formatClock(durationMs)}</span>
          </p>
          <p className="inspector-note">
            {vad.segments.length === 0
              ? told.none
              : `${told.speech} ${vad.segments.map(({ startMs, endMs }) => told.span(formatSeconds(startMs), formatSeconds(endMs))).join(', ')}.`}{' '}
            {vad.threshold !== null && told.threshold(vad.threshold)}
          </p>
        </>
      )}
    </section>
  );
}
