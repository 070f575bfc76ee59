/** What an agent did in a turn besides speaking: as entries of the log, and read back from them. */
import type { TurnStep } from '../../../src-preload/agents-contract.ts';
import type { ChatItem } from '../../speech/llm/chat.ts';
import type {
  EntryKind,
  HandoffRecord,
  StopRecord,
  ToolCallRecord,
  ToolDecisionRecord,
  ToolResultRecord,
} from './records.ts';

export type ToolDetail = Omit<Extract<TurnStep, { type: 'tool' }>, 'type'>;

const STEP_KINDS = [
  'tool_call',
  'tool_decision',
  'tool_result',
  'handoff',
  'turn_stopped',
] as const satisfies readonly EntryKind[];
type StepKind = (typeof STEP_KINDS)[number];

export function isStep(kind: string): kind is StepKind {
  return (STEP_KINDS as readonly string[]).includes(kind);
}

/** The entry for an item of the conversation; null when it is none of these. Messages have entries of their own. */
export function stepRecord(item: ChatItem): { kind: StepKind; name: string; record: unknown } | null {
  if (item.type === 'function_call') {
    const { callId, name, server = null, arguments: args } = item;
    const record: ToolCallRecord = { callId, name, server, arguments: args };
    return { kind: 'tool_call', name: 'call', record };
  }
  if (item.type !== 'agent_handoff') return null;
  const record: HandoffRecord = { from: item.from, to: item.to };
  return { kind: 'handoff', name: 'handoff', record };
}

export interface StepEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: StepKind;
  readonly record: unknown;
}

/** Adds what the turn's next entry tells, a result to its call. */
export function addStep(steps: TurnStep[], { at, kind, record }: StepEntry): void {
  if (kind === 'tool_call') {
    const call = record as ToolCallRecord;
    const unanswered = { output: null, isError: false, durationMs: null, failure: null, decision: null };
    steps.push({ type: 'tool', ...call, startedAt: at, ...unanswered });
  } else if (kind === 'handoff') {
    steps.push({ type: 'handoff', ...(record as HandoffRecord), at });
  } else if (kind === 'turn_stopped') {
    steps.push({ type: 'stop', ...(record as StopRecord) });
  } else {
    const { callId, ...result } = record as ToolDecisionRecord | ToolResultRecord;
    // Servers repeat ids of calls: the first without a result is meant.
    const call = steps.find((step) => step.type === 'tool' && step.callId === callId && step.output === null);
    if (call) Object.assign(call, result);
  }
}
