/** The row of times. */
import { formatTick } from '../../i18n/format.ts';
import { ticksOf, xAt } from '../time-axis.ts';
import type { Paint } from './stage.ts';

export const paintRuler: Paint = ({ axis, context, height, palette, width }) => {
  const { at, stepMs } = ticksOf(axis, width);
  context.font = `11px ${palette.evidence}`;
  context.textBaseline = 'middle';
  for (const ms of at) {
    const x = Math.round(xAt(axis, ms)) + 0.5;
    context.fillStyle = palette['line-strong'];
    context.fillRect(x - 0.5, height - 6, 1, 6);
    context.fillStyle = palette['ink-2'];
    const time = formatTick(ms, stepMs);
    // One that would be cut off at the end says nothing.
    if (x + 4 + context.measureText(time).width <= width) context.fillText(time, x + 4, height / 2);
    context.fillStyle = palette.line;
    for (let part = 1; part < 5; part++) {
      context.fillRect(Math.round(xAt(axis, ms + (stepMs * part) / 5)), height - 3, 1, 3);
    }
  }
};
