/** One line for what an agent did besides speaking. */
import type { TurnStep } from '../../../src-preload/agents-contract.ts';

/** Longer arguments and outputs are for `--json`. */
const LONGEST = 120;

export function stepLine(step: TurnStep): string {
  if (step.type === 'handoff') return `Handoff  ${step.from ?? ''} → ${step.to}`;
  if (step.type === 'stop') return `Stopped  ${step.reason}`;
  const { name, arguments: args, output, isError } = step;
  const result = output === null ? 'no result' : shortened(output);
  return `Called   ${name} ${shortened(args)} → ${isError ? 'error: ' : ''}${result}`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
