/** One quiet line under the key: the equipment in use, and what the last turn took. It says so when the equipment is not what was chosen. */
import './status-line.css';
import type { TurnView } from '../../src-preload/contract.ts';
import { formatCost, formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';
import type { State } from '../store.ts';
import { AgentChoice } from './agent-choice.tsx';

interface StatusLineProps {
  readonly last: TurnView | undefined;
  /** The agent and its models are not this Squelch's. */
  readonly elsewhere?: boolean;
}

export function StatusLine({ last, elsewhere = false }: StatusLineProps) {
  const microphone = useWindow((state) => state.microphone.label ?? words.status.defaultMicrophone);
  const remark = useWindow(remarkOf);
  const model = useWindow((state) => state.app?.stages.llm.label);
  const latency = last?.timings?.releaseToFirstAudioMs ?? null;
  const isPrivate = useWindow((state) => state.conversation.private);
  return (
    <div className="status-line evidence">
      {isPrivate && <span className="status-remark">{words.status.private}</span>}
      {remark ? (
        <span className="status-remark">{remark}</span>
      ) : (
        <span title={words.status.microphone}>{microphone}</span>
      )}
      {!elsewhere && <AgentChoice />}
      {!elsewhere && model && <span title={words.stages.llm}>{model}</span>}
      {latency !== null && <span title={words.status.latency}>{formatSeconds(latency)}</span>}
      {last && last.cost !== null && <span title={words.status.cost}>{formatCost(last.cost)}</span>}
    </div>
  );
}

function remarkOf({ microphone, outputSubstituted, soundBlocked }: State): string | null {
  const label = microphone.label ?? words.microphone.unnamed;
  if (soundBlocked) return words.status.blocked;
  if (microphone.muted) return words.status.muted(label);
  if (microphone.substituted) return words.status.substituted(label);
  return outputSubstituted ? words.status.outputSubstituted : null;
}
