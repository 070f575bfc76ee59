/** What a turn was, besides what was said in it: how it began, who answered by which models, and what it cost. */
import type { TurnView } from '../../../src-preload/contract.ts';

export function turnFacts({ source, retryOf, agentId, models, cost }: TurnView): string[] {
  return [
    retryOf ? `${source} of ${retryOf}` : source,
    agentId,
    models.stt,
    models.llm,
    models.tts,
    cost === null ? '' : `$${cost.toFixed(6)}`,
  ].filter(Boolean);
}
