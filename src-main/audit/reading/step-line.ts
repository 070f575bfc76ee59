/** What an agent did besides speaking, in a line to be read; the whole of it is in JSON. */
import type { TurnStep } from '../../../src-preload/agents-contract.ts';

type ToolStep = Extract<TurnStep, { type: 'tool' }>;

export interface StepLine {
  readonly label: 'Called' | 'Handoff' | 'Stopped';
  readonly text: string;
}

const DECISIONS: Readonly<Record<NonNullable<ToolStep['decision']>, string>> = {
  once: 'allowed once',
  always: 'allowed from now on',
  deny: 'denied',
  timeout: 'nobody allowed it in time',
};

/** @param longest arguments and results are cut to so many characters */
export function stepLine(step: TurnStep, longest = 2_000): StepLine {
  if (step.type === 'handoff') return { label: 'Handoff', text: `${step.from ?? ''} → ${step.to}`.trim() };
  if (step.type === 'stop') return { label: 'Stopped', text: step.reason };
  const { name, server, output, isError, failure, decision } = step;
  const result = output === null ? 'no result' : shortened(output, longest);
  const remarks = [
    server && `tool server ${server}`,
    decision && DECISIONS[decision],
    failure && `it threw: ${shortened(failure, longest)}`,
  ].filter(Boolean);
  const called = `${name} ${shortened(step.arguments, longest)} → ${isError ? 'error: ' : ''}${result}`;
  return { label: 'Called', text: remarks.length > 0 ? `${called} (${remarks.join('; ')})` : called };
}

function shortened(text: string, longest: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
