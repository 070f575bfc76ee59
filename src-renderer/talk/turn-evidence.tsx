/** A turn's figures, on demand: how long each step took, which models, what they used and cost, what the sound lost. */
import '../ui/disclosure.css';
import './turn-evidence.css';
import type { TurnView } from '../../src-preload/contract.ts';
import { formatCost, formatCount, formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { STAGES } from '../stages.ts';

const { evidence } = words;

export function TurnEvidence({ turn }: { turn: TurnView }) {
  if (!turn.timings || !wasSent(turn)) return null;
  return (
    <details className="turn-evidence disclosure evidence">
      <summary aria-label={`${evidence.name}: ${summaryOf(turn)}`}>{summaryOf(turn)}</summary>
      <Figures turn={turn} />
    </details>
  );
}

/** All of them. */
export function Figures({ turn }: { turn: TurnView }) {
  const { cost, models, reply, timings, user } = turn;
  if (!timings) return null;
  return (
    <dl className="figures">
      <Duration name={evidence.transcript} ms={timings.releaseToTranscriptMs} />
      <Duration name={evidence.firstToken} ms={timings.releaseToFirstTokenMs} />
      <Duration name={evidence.firstSound} ms={timings.releaseToFirstAudioMs} />
      <Duration name={evidence.total} ms={timings.totalMs} />
      {user.audioMs > 0 && <Duration name={evidence.recorded} ms={user.audioMs} />}
      {reply.audioMs > 0 && (
        <Row name={evidence.heard}>{evidence.of(formatSeconds(reply.heardMs), formatSeconds(reply.audioMs))}</Row>
      )}
      {user.lostFrames > 0 && <Row name={evidence.lost}>{formatCount(user.lostFrames)}</Row>}
      {user.lateFrames > 0 && <Row name={evidence.late}>{formatCount(user.lateFrames)}</Row>}
      {STAGES.map((stage) => (
        <Row key={stage} name={words.stages[stage]}>
          {models[stage]} <span className="turn-evidence-usage">{usageOf(turn, stage)}</span>
        </Row>
      ))}
      <Row name={evidence.cost}>{cost === null ? evidence.costUnknown : formatCost(cost)}</Row>
    </dl>
  );
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Duration({ name, ms }: { name: string; ms: number | null }) {
  return ms === null ? null : <Row name={name}>{formatSeconds(ms)}</Row>;
}

/** A take that no model was asked about has no figures. */
function wasSent({ timings, usage }: TurnView): boolean {
  return usage.length > 0 || (timings?.releaseToTranscriptMs ?? timings?.releaseToFirstTokenMs ?? null) !== null;
}

/** The one figure that was felt, and the cost. */
function summaryOf({ cost, timings }: TurnView): string {
  const felt = timings?.releaseToFirstAudioMs ?? timings?.releaseToFirstTokenMs ?? timings?.totalMs ?? 0;
  return [formatSeconds(felt), cost === null ? null : formatCost(cost)].filter(Boolean).join(' · ');
}

function usageOf({ usage }: TurnView, stage: TurnView['usage'][number]['stage']): string {
  const used = usage.filter((entry) => entry.stage === stage);
  const sum = (pick: (entry: TurnView['usage'][number]) => number | undefined) =>
    used.reduce((total, entry) => total + (pick(entry) ?? 0), 0);
  const [input, output, characters, audioMs] = [
    sum((entry) => entry.inputTokens),
    sum((entry) => entry.outputTokens),
    sum((entry) => entry.characters),
    sum((entry) => entry.audioMs),
  ];
  return [
    input > 0 && evidence.tokensIn(formatCount(input)),
    output > 0 && evidence.tokensOut(formatCount(output)),
    characters > 0 && evidence.characters(formatCount(characters)),
    audioMs > 0 && formatSeconds(audioMs),
  ]
    .filter(Boolean)
    .join(' · ');
}
