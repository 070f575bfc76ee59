/** What the agent did besides speaking, as stage directions; what it asked for and was told is behind them. */
import '../ui/disclosure.css';
import './turn-steps.css';
import type { TurnStep } from '../../src-preload/agents-contract.ts';
import type { TurnView } from '../../src-preload/contract.ts';
import { nameOfAgent } from '../agents/agent-name.ts';
import { formatJson, formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import { ToolApproval } from './tool-approval.tsx';

const { step: told } = words.agents;

/** Of a call that failed, in characters; the whole of it is behind the line. */
const REASON_LENGTH = 160;

type ToolStep = Extract<TurnStep, { type: 'tool' }>;
type Handoff = Extract<TurnStep, { type: 'handoff' }>;

export function TurnSteps({ turn }: { turn: TurnView }) {
  const approvals = useWindow((state) => state.approvals);
  const asked = approvals.filter(({ turnId }) => turnId === turn.id);
  if (turn.steps.length === 0 && asked.length === 0) return null;
  return (
    <div className="steps">
      {turn.steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are only ever added at the end, and have no id of their own
        <Step key={index} step={step} />
      ))}
      {asked.map((approval) => (
        <ToolApproval key={approval.approvalId} approval={approval} />
      ))}
    </div>
  );
}

function Step({ step }: { step: TurnStep }) {
  if (step.type === 'tool') return <ToolCall step={step} />;
  if (step.type === 'handoff') return <HandoffLine step={step} />;
  return <p className="direction">{told.stop(withoutStop(step.reason))}</p>;
}

function HandoffLine({ step: { from, to } }: { step: Handoff }) {
  const agents = useWindow((state) => state.agents);
  const next = nameOfAgent(agents, to);
  return <p className="direction">{from ? told.handoffFrom(nameOfAgent(agents, from), next) : told.handoff(next)}</p>;
}

function ToolCall({ step }: { step: ToolStep }) {
  const { decision, durationMs, failure, isError, output, server } = step;
  const name = server && step.name.startsWith(`${server}__`) ? step.name.slice(server.length + 2) : step.name;
  const verb = output === null ? told.calling : isError ? told.failed : told.called;
  return (
    <details className="step disclosure">
      <summary className="direction" data-error={isError}>
        <span>
          ({verb} <span className="step-name evidence">{name}</span>
          {server && ` ${told.from(server)}`}
          {isError && output && <span className="step-reason">: {withoutStop(firstLine(output))}</span>})
        </span>
        {durationMs !== null && durationMs >= 1 && (
          <span className="step-time evidence">{formatSeconds(durationMs)}</span>
        )}
      </summary>
      <dl className="step-evidence">
        <dt>{told.arguments}</dt>
        <dd>
          <pre className="evidence">{formatJson(step.arguments)}</pre>
        </dd>
        {decision && (
          <>
            <dt>{told.decision}</dt>
            <dd>{told.decisions[decision]}</dd>
          </>
        )}
        <dt>{told.output}</dt>
        <dd>
          <pre className="evidence">{output === null ? told.waiting : formatJson(output) || told.empty}</pre>
        </dd>
        {failure && (
          <>
            <dt>{told.failure}</dt>
            <dd>
              <pre className="evidence">{failure}</pre>
            </dd>
          </>
        )}
      </dl>
    </details>
  );
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return line.length > REASON_LENGTH ? `${line.slice(0, REASON_LENGTH).trimEnd()}…` : line;
}

/** A sentence in the middle of a direction ends without its full stop. */
function withoutStop(text: string): string {
  return text.replace(/(?<!\.)\.$/, '');
}
