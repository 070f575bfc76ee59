/** The script of the conversation. */
import { useMemo } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { EmptyState } from './empty-state.tsx';
import { ScriptViewport } from './script-viewport.tsx';
import { TurnScript } from './turn-script.tsx';

interface TranscriptProps {
  readonly turns: readonly TurnView[];
  readonly onRetry: (turnId: string) => void;
}

export function Transcript({ turns, onRetry }: TranscriptProps) {
  const sentAgain = useMemo(() => new Set(turns.map((turn) => turn.retryOf)), [turns]);
  const shown = turns.filter((turn) => !isStrayTap(turn));
  return (
    <ScriptViewport newest={turns.at(-1)?.id}>
      {shown.length === 0 && <EmptyState />}
      {shown.map((turn) => (
        <TurnScript key={turn.id} turn={turn} sentAgain={sentAgain.has(turn.id)} onRetry={onRetry} />
      ))}
    </ScriptViewport>
  );
}

/** A lone tap, with the wait for a second one: it is in the log, but says nothing worth a line here. */
function isStrayTap({ outcome, source, user }: TurnView): boolean {
  return outcome === 'cancelled' && source === 'voice' && user.audioMs < 1_050;
}
