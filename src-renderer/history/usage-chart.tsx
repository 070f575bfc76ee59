/** Usage over time: a bar a day, stacked by model or agent. The same figures stand in the table below it. */
import './usage-chart.css';
import { formatCost, formatCount, formatDay } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { type Measure, OTHERS, type UsageDay, type UsageDays } from './usage-days.ts';

const { usage: told } = words.history;

const [WIDTH, HEIGHT] = [720, 160];
/** Between two days, as a share of both. */
const GAP = 0.2;

interface UsageChartProps {
  readonly usage: UsageDays;
  readonly measure: Measure;
  readonly nameOf: (key: string) => string;
}

export function UsageChart({ usage: { days, keys }, measure, nameOf }: UsageChartProps) {
  const most = Math.max(...days.map(({ total }) => total), Number.MIN_VALUE);
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const amount = (value: number) => (measure === 'cost' ? formatCost(value) : formatCount(value));
  return (
    <figure className="usage-chart">
      <p className="usage-chart-most evidence" aria-hidden="true">
        {amount(most)}
      </p>
      <svg
        className="usage-chart-bars"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={told.chart(told.measures[measure], dayName(first), dayName(last))}
      >
        {days.map((day, index) => (
          <Bar key={day.day} day={day} index={index} of={days.length} most={most}>
            {`${dayName(day)}: ${amount(day.total)}`}
          </Bar>
        ))}
      </svg>
      <p className="usage-chart-axis evidence" aria-hidden="true">
        <span>{dayName(first)}</span>
        {days.length > 1 && <span>{dayName(last)}</span>}
      </p>
      {/* One that is not taken apart needs no key. */}
      <figcaption className="usage-chart-keys" hidden={keys[0] === OTHERS}>
        {keys.map((key, index) => (
          <span key={key} className="usage-chart-key">
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
              <rect data-ink={index} width="10" height="10" />
            </svg>
            {key === OTHERS ? told.others : nameOf(key)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

interface BarProps {
  readonly day: UsageDay;
  readonly index: number;
  readonly of: number;
  readonly most: number;
  readonly children: string;
}

function Bar({ day: { parts }, index, of, most, children }: BarProps) {
  const step = WIDTH / of;
  const width = Math.min(step * (1 - GAP), 48);
  let top = HEIGHT;
  return (
    <g>
      <title>{children}</title>
      {parts.map((part, place) => {
        const height = (HEIGHT * part) / most;
        top -= height;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the key's
            key={place}
            data-ink={place}
            x={index * step + (step - width) / 2}
            y={top}
            width={width}
            height={height}
          />
        );
      })}
    </g>
  );
}

function dayName({ day }: UsageDay): string {
  return formatDay(new Date(`${day}T00:00`).getTime());
}
