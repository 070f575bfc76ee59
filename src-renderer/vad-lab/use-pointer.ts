/** The pointer on the timeline: the wheel zooms and scrolls, a drag selects or moves a label's boundary, a click moves the playhead. */
import { type RefObject, useEffect } from 'react';
import { labelHit } from './hit.ts';
import type { Lab } from './lab.ts';
import { chosenDraft } from './lab-state.ts';
import type { LabelEdge } from './label-editing.ts';
import { msAt, scrolled, zoomed } from './time-axis.ts';

type Drag =
  | { readonly type: 'select'; readonly fromMs: number; readonly labels: boolean }
  | { readonly type: 'edge'; readonly index: number; readonly edge: LabelEdge; readonly gesture: string }
  | { readonly type: 'scroll'; lastX: number };

/** A drag shorter than this is a click, in pixels. */
const CLICK = 3;
/** How much one notch of the wheel zooms. */
const WHEEL = 0.002;

export function usePointer(area: RefObject<HTMLElement | null>, lab: Lab): void {
  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const controller = new AbortController();
    const { signal } = controller;
    let drag: Drag | null = null;
    let downX = 0;
    let gestures = 0;

    const picture = (event: Event) => (event.target as Element).closest<HTMLElement>('.row')?.querySelector('canvas');
    const xOf = (event: MouseEvent) => {
      const canvas = element.querySelector('canvas');
      return event.clientX - (canvas?.getBoundingClientRect().left ?? 0);
    };
    const rowOf = (event: Event) => (event.target as Element).closest<HTMLElement>('.row')?.dataset.row;
    const timeOf = (event: MouseEvent) => {
      const { axis, extent } = lab.stage;
      return Math.max(0, Math.min(extent.durationMs, msAt(axis, xOf(event))));
    };

    const begin = (event: PointerEvent): Drag => {
      const row = rowOf(event);
      if (row === 'ruler' || event.button === 1) return { type: 'scroll', lastX: event.clientX };
      const draft = row === 'labels' ? chosenDraft(lab.store.getState()) : null;
      if (!draft) return { type: 'select', fromMs: timeOf(event), labels: row === 'labels' };
      const hit = labelHit(draft.labels, lab.stage.axis, xOf(event));
      lab.edit({ type: 'choose', index: hit.type === 'free' ? null : hit.index });
      if (hit.type !== 'edge') return { type: 'select', fromMs: timeOf(event), labels: hit.type === 'free' };
      return { type: 'edge', index: hit.index, edge: hit.edge, gesture: `drag-${gestures++}` };
    };

    const onDown = (event: PointerEvent) => {
      if (!picture(event) || event.button > 1) return;
      drag = begin(event);
      downX = event.clientX;
      element.setPointerCapture(event.pointerId);
    };
    const onMove = (event: PointerEvent) => {
      lab.stage.point(timeOf(event));
      if (!drag) return showCursor(event);
      if (drag.type === 'scroll') {
        lab.stage.move(scrolled(lab.stage.axis, drag.lastX - event.clientX, lab.stage.extent));
        drag.lastX = event.clientX;
      } else if (drag.type === 'edge') {
        const { edge, gesture, index } = drag;
        lab.edit({ type: 'move', index, edge, ms: timeOf(event), gesture });
      } else if (Math.abs(event.clientX - downX) > CLICK) {
        const ms = timeOf(event);
        lab.select({ startMs: Math.min(drag.fromMs, ms), endMs: Math.max(drag.fromMs, ms) });
      }
    };
    const onUp = (event: PointerEvent) => {
      const ended = drag;
      drag = null;
      if (!ended || ended.type === 'edge') return;
      const dragged = Math.abs(event.clientX - downX) > CLICK;
      const { selection } = lab.store.getState();
      if (ended.type === 'select' && ended.labels && dragged && selection) {
        lab.edit({ type: 'add', ...selection });
        lab.select(null);
      } else if (!dragged) {
        lab.select(null);
        lab.transport.seek(timeOf(event));
      }
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { axis, extent } = lab.stage;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
      if (sideways !== 0 && Math.abs(sideways) >= Math.abs(event.shiftKey ? 0 : event.deltaY)) {
        lab.stage.move(scrolled(axis, sideways, extent));
      } else {
        lab.stage.move(zoomed(axis, Math.exp(-event.deltaY * WHEEL), xOf(event), extent));
      }
    };
    const showCursor = (event: PointerEvent) => {
      const draft = rowOf(event) === 'labels' ? chosenDraft(lab.store.getState()) : null;
      const hit = draft ? labelHit(draft.labels, lab.stage.axis, xOf(event)) : null;
      element.dataset.cursor = hit?.type ?? '';
    };

    element.addEventListener('pointerdown', onDown, { signal });
    element.addEventListener('pointermove', onMove, { signal });
    element.addEventListener('pointerleave', () => lab.stage.point(null), { signal });
    element.addEventListener('pointerup', onUp, { signal });
    element.addEventListener('pointercancel', onUp, { signal });
    element.addEventListener('wheel', onWheel, { signal, passive: false });
    return () => controller.abort();
  }, [area, lab]);
}
