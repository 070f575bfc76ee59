/** The spectrum of what is in sight, when it is near enough to show anything. */
import { useMemo } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { FARTHEST_MS_PER_PIXEL, Spectrogram } from './drawing/spectrogram.ts';
import { useLab, useLabState } from './lab.ts';
import { Row } from './row.tsx';

const { rows } = labWords;

export function SpectrogramRow() {
  const { stage } = useLab();
  const sound = useLabState((state) => state.media?.sound ?? null);
  const spectrogram = useMemo(() => sound && new Spectrogram(sound, () => stage.invalidate()), [sound, stage]);
  return (
    <Row
      kind="spectrogram"
      name={rows.spectrogram}
      description={rows.spectrogram}
      paint={(canvas) => {
        if (canvas.axis.msPerPixel <= FARTHEST_MS_PER_PIXEL) return spectrogram?.paint(canvas);
        canvas.context.fillStyle = canvas.palette['ink-2'];
        canvas.context.font = `12px ${canvas.palette.words}`;
        canvas.context.textBaseline = 'middle';
        canvas.context.fillText(rows.closer, 12, canvas.height / 2);
      }}
    />
  );
}
