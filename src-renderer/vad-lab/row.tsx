/** One row of the timeline: its name in the margin and a canvas, painted with all the others. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { Paint } from './drawing/stage.ts';
import { useLab } from './lab.ts';

export type RowKind = 'ruler' | 'labels' | 'sound' | 'spectrogram' | 'speech' | 'own' | 'lane' | 'overview';

interface RowProps {
  readonly kind: RowKind;
  readonly name?: string;
  /** What the picture shows, in words; without it the picture is decoration. */
  readonly description?: string;
  readonly paint: Paint;
  readonly children?: ReactNode;
}

export function Row({ children, description, kind, name, paint }: RowProps) {
  const { stage } = useLab();
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(paint);
  latest.current = paint;
  useEffect(() => {
    if (!canvas.current) return;
    return stage.addRow(canvas.current, (on) => latest.current(on));
  }, [stage]);
  return (
    <div className="row" data-row={kind}>
      <span className="row-name" title={name}>
        {name}
      </span>
      <div className="row-picture">
        <canvas
          ref={canvas}
          className="row-canvas"
          {...(description ? { role: 'img', 'aria-label': description } : { 'aria-hidden': true })}
        />
        {children}
      </div>
    </div>
  );
}
