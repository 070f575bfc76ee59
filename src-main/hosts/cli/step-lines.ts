/** What an agent did besides speaking, as a terminal shows it. */
import type { TurnStep } from '../../../src-preload/agents-contract.ts';
import { stepLine } from '../../audit/reading/step-line.ts';

/** Longer arguments and results are for `--json`. */
const LONGEST = 120;

export function stepLines(steps: readonly TurnStep[]): string[] {
  return steps.map((step) => {
    const { label, text } = stepLine(step, LONGEST);
    return `${label.padEnd(8)} ${text}`;
  });
}
