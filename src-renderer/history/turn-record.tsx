/** The rest of what the log holds of a turn: how its sound came in, what was recognised and used, and what was in force. */
import type { ReactNode } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import type { InspectionView } from '../../src-preload/inspection.ts';
import { formatCount, formatDateTime, formatFigure, formatJson, formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { Fold } from './fold.tsx';

const { record: told } = words.history;

export function TurnRecord({ turn, inspection }: { turn: TurnView; inspection: InspectionView }) {
  const { agent, input, instructions, run, settings, transcript, vad, vadOptions } = inspection;
  return (
    <section className="inspector-record" aria-label={told.title}>
      <h4 className="inspector-title">{told.title}</h4>
      {turn.user.audioMs > 0 && input && (
        <Fold name={told.sound} facts={input.deviceLabel}>
          {() => (
            <Facts
              facts={[
                [told.device, input.deviceLabel ?? told.none],
                [told.processing, input.processing.join(', ') || told.none],
                [told.level, input.level && told.levels(decibels(input.level.rmsDbfs), decibels(input.level.peakDbfs))],
                [told.frames, told.framesOf(turn.user.lostFrames, turn.user.lateFrames)],
              ]}
            />
          )}
        </Fold>
      )}
      {transcript.length > 0 && (
        <Fold name={told.transcript} facts={told.texts(transcript.length)}>
          {() => (
            <ol className="inspector-texts">
              {transcript.map(({ atMs, final, text }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: what came never changes
                <li key={index} data-final={final}>
                  <span className="evidence">{formatSeconds(atMs)}</span> {text}
                  {!final && <span className="visually-hidden"> ({told.interim})</span>}
                </li>
              ))}
            </ol>
          )}
        </Fold>
      )}
      {turn.usage.map((used, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: usage is only ever added at the end
        <Fold key={index} name={told.used(words.stages[used.stage])} facts={`${used.provider}/${used.model}`}>
          {() => (
            <>
              <Facts
                facts={COUNTS.map((field) => [told.counts[field], used[field] ? formatCount(used[field]) : null])}
              />
              <Json name={told.reported} text={JSON.stringify(used.raw)} />
            </>
          )}
        </Fold>
      ))}
      {agent && (
        <Fold name={told.agent} facts={agent.id}>
          {() => (
            <>
              <Facts
                facts={[
                  [told.kind, told.kinds[agent.kind] ?? agent.kind],
                  [told.digest, agent.sha256],
                ]}
              />
              {instructions && <Json name={told.instructions} text={instructions} />}
            </>
          )}
        </Fold>
      )}
      {vadOptions && (
        <Fold name={told.vad}>
          {() => (
            <Facts
              facts={[
                ...Object.entries(vadOptions).map(([name, value]) => [name, value] as const),
                [told.model, vad.modelSha256],
              ]}
            />
          )}
        </Fold>
      )}
      {settings && (
        <Fold name={told.settings}>
          {() => (
            <>
              <Facts facts={[[told.digest, settings.sha256]]} />
              <Json name={told.settings} text={settings.text} />
            </>
          )}
        </Fold>
      )}
      {run && (
        <Fold name={told.run} facts={run.versions.squelch}>
          {() => (
            <Facts
              facts={[
                [told.since, formatDateTime(run.at)],
                [told.platform, run.platform],
                ...Object.entries(run.versions).map(([name, version]) => [name, version] as const),
              ]}
            />
          )}
        </Fold>
      )}
    </section>
  );
}

const COUNTS = Object.keys(told.counts) as (keyof typeof told.counts)[];

/** What is not known is left out. */
function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined);
  return (
    <dl className="figures inspector-facts evidence">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Json({ name, text }: { name: string; text: string }) {
  return (
    <>
      <h5 className="request-side">{name}</h5>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className="request-raw evidence" tabIndex={0}>
        {formatJson(text)}
      </pre>
    </>
  );
}

function decibels(value: number | null): string {
  return value === null ? told.silence : `${formatFigure(value, 1)} dBFS`;
}
