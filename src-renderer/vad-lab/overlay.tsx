/** Over all rows: the selection, the playhead, and the line under the pointer; moved outside React. */
import { useEffect, useRef } from 'react';
import { useLab } from './lab.ts';
import { xAt } from './time-axis.ts';

export function Overlay() {
  const { stage, store, transport } = useLab();
  const selection = useRef<HTMLDivElement>(null);
  const playhead = useRef<HTMLDivElement>(null);

  useEffect(
    () =>
      stage.onFrame(() => {
        const { axis, extent } = stage;
        const { selection: chosen } = store.getState();
        if (playhead.current) {
          const x = xAt(axis, transport.positionMs);
          playhead.current.style.transform = `translateX(${x}px)`;
          playhead.current.hidden = x < 0 || x > extent.width;
        }
        if (!selection.current) return;
        selection.current.hidden = chosen === null;
        if (!chosen) return;
        const start = Math.max(0, xAt(axis, chosen.startMs));
        const end = Math.min(extent.width, xAt(axis, chosen.endMs));
        selection.current.hidden = end <= start;
        selection.current.style.transform = `translateX(${start}px)`;
        selection.current.style.width = `${Math.max(1, end - start)}px`;
      }),
    [stage, store, transport],
  );
  return (
    <div className="overlay" aria-hidden="true">
      <div ref={selection} className="overlay-selection" hidden />
      <div ref={playhead} className="overlay-playhead" hidden />
    </div>
  );
}
