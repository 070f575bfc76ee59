/** A turn over time: what it was doing, its tools, and each request, with the wait for its first answer in lighter ink. */
import './waterfall.css';
import type { TurnView } from '../../src-preload/contract.ts';
import type { InspectionView, RequestView } from '../../src-preload/inspection.ts';
import { formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { isFailed, nameOfStage } from './request-name.ts';

const { inspect } = words.history;

interface Bar {
  readonly name: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** How much of it was waiting for the first answer. */
  readonly waitMs: number;
  readonly failed: boolean;
}

export function Waterfall({ inspection, turn }: { inspection: InspectionView; turn: TurnView }) {
  const totalMs = turn.timings?.totalMs ?? 0;
  const groups = [
    { name: inspect.groups.turn, bars: phaseBars(inspection, totalMs) },
    { name: inspect.groups.requests, bars: requestBars(inspection) },
    { name: inspect.groups.tools, bars: toolBars(turn) },
  ].filter(({ bars }) => bars.length > 0);
  const ends = groups.flatMap(({ bars }) => bars.map(({ durationMs, startMs }) => startMs + durationMs));
  const whole = Math.max(1, totalMs, ...ends);
  return (
    <table className="waterfall">
      <caption className="visually-hidden">{inspect.timing}</caption>
      {groups.map(({ name, bars }) => (
        <tbody key={name}>
          <tr>
            <th className="waterfall-group" scope="rowgroup" colSpan={3}>
              {name}
            </th>
          </tr>
          {bars.map((bar) => (
            <tr key={`${bar.name} ${bar.startMs}`}>
              <th scope="row" title={bar.name}>
                {bar.name}
              </th>
              <td className="waterfall-time">
                <Drawn bar={bar} whole={whole} />
              </td>
              <td className="waterfall-figure evidence">
                {formatSeconds(bar.durationMs)}
                {bar.waitMs > 0 && (
                  <span className="visually-hidden">, {inspect.waiting(formatSeconds(bar.waitMs))}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Drawn({ bar: { durationMs, failed, startMs, waitMs }, whole }: { bar: Bar; whole: number }) {
  const x = (ms: number) => (1000 * ms) / whole;
  return (
    <svg className="waterfall-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
      <rect className="waterfall-wait" x={x(startMs)} width={Math.max(4, x(durationMs))} height="8" />
      <rect
        className="waterfall-work"
        data-failed={failed}
        x={x(startMs + waitMs)}
        width={Math.max(4, x(durationMs - waitMs))}
        height="8"
      />
    </svg>
  );
}

function phaseBars({ phases }: InspectionView, totalMs: number): Bar[] {
  return phases.flatMap(({ atMs, phase }, index) => {
    const name = inspect.phases[phase];
    const endMs = phases[index + 1]?.atMs ?? totalMs;
    return name ? [{ name, startMs: atMs, durationMs: Math.max(0, endMs - atMs), waitMs: 0, failed: false }] : [];
  });
}

function requestBars({ requests, startedAt }: InspectionView): Bar[] {
  return requests.map((request) => ({
    name: nameOfStage(request),
    startMs: request.startedAt - startedAt,
    durationMs: request.durationMs,
    waitMs: waitOf(request),
    failed: isFailed(request),
  }));
}

function toolBars({ startedAt, steps }: TurnView): Bar[] {
  return steps.flatMap((step) =>
    step.type === 'tool' && step.durationMs !== null
      ? [
          {
            name: step.name,
            startMs: step.startedAt - startedAt,
            durationMs: step.durationMs,
            waitMs: 0,
            failed: step.isError,
          },
        ]
      : [],
  );
}

function waitOf({ durationMs, response }: RequestView): number {
  return Math.min(durationMs, response?.headersAtMs ?? durationMs);
}
