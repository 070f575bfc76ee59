/** Over all rows: the selection, the playhead, and the line under the pointer; moved outside React. */
import { useEffect, useRef } from 'react';
import { useLab } from './lab.ts';
import { xAt } from './time-axis.ts';

export function Overlay() {
  const { stage, store, transport } = useLab();
  const selection = useRef<HTMLDivElement>(null);
  const playhead = useRef<HTMLDivElement>(null);
  const pointer = useRef<HTMLDivElement>(null);

  useEffect(
    () =>
      stage.onFrame(() => {
        const { axis, extent } = stage;
        const { selection: chosen } = store.getState();
        const place = (line: HTMLElement | null, ms: number | null) => {
          if (!line) return;
          const x = ms === null ? -1 : xAt(axis, ms);
          line.style.transform = `translateX(${x}px)`;
          line.hidden = x < 0 || x > extent.width;
        };
        place(playhead.current, transport.positionMs);
        place(pointer.current, stage.pointerMs);
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
      <div ref={pointer} className="overlay-pointer" hidden />
      <div ref={playhead} className="overlay-playhead" hidden />
    </div>
  );
}
