/** What lies under the pointer: time, probability, the segment there. Written outside React, for it follows every movement. */
import { useEffect, useRef } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab } from './lab.ts';
import { ownSegments } from './lab-state.ts';
import { spanAt } from './spans.ts';

const WINDOW_MS = 32;

export function Readout() {
  const { stage, store } = useLab();
  const readout = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      stage.onFrame(() => {
        const { media } = store.getState();
        const ms = stage.pointerMs;
        if (!readout.current) return;
        if (ms === null || !media) {
          readout.current.textContent = '';
          return;
        }
        const probability = media.probabilities[Math.floor(ms / WINDOW_MS)] ?? 0;
        readout.current.textContent = labWords.readout(ms, probability, spanAt(ownSegments(store.getState()), ms));
      }),
    [stage, store],
  );
  return <span ref={readout} className="transport-readout evidence" aria-hidden="true" />;
}
