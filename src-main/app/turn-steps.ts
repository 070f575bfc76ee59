/** What an agent does in a turn besides speaking, told step by step from the session's events. */
import type { TurnStep } from '../../src-preload/agents-contract.ts';
import type { SessionEvent } from '../conversation/events.ts';

type StepEvent = Extract<
  SessionEvent,
  { type: 'conversation_item_added' | 'tool_call_decided' | 'function_tools_executed' | 'turn_ended' }
>;
type ToolStep = Extract<TurnStep, { type: 'tool' }>;

/** @returns the steps after the event; the same ones when it is none */
export function withStep(steps: TurnStep[], event: StepEvent): TurnStep[] {
  switch (event.type) {
    case 'conversation_item_added': {
      const { item } = event;
      if (item.type === 'function_call') {
        const { callId, name, server = null, arguments: args, createdAt: startedAt } = item;
        const step = { type: 'tool' as const, callId, name, server, arguments: args, startedAt };
        return [...steps, { ...step, output: null, isError: false, failure: null, decision: null, durationMs: null }];
      }
      if (item.type === 'function_call_output') {
        const { callId, output, isError } = item;
        return amended(steps, (step) => step.callId === callId && step.output === null, { output, isError });
      }
      if (item.type !== 'agent_handoff') return steps;
      return [...steps, { type: 'handoff', from: item.from, to: item.to, at: item.createdAt }];
    }
    case 'tool_call_decided': {
      const { callId, decision } = event;
      return amended(steps, (step) => step.callId === callId && step.output === null, { decision });
    }
    case 'function_tools_executed':
      return event.executions.reduce((told, { call, durationMs, failure }) => {
        const matches = (step: ToolStep) => step.callId === call.callId && step.durationMs === null;
        return amended(told, matches, { durationMs, failure });
      }, steps);
    case 'turn_ended':
      return event.stopReason === null ? steps : [...steps, { type: 'stop', reason: event.stopReason }];
  }
}

/** Servers repeat ids of calls: the first that still lacks something is meant. */
function amended(steps: TurnStep[], matches: (step: ToolStep) => boolean, change: Partial<ToolStep>): TurnStep[] {
  const index = steps.findIndex((step) => step.type === 'tool' && matches(step));
  return steps.map((step, i) => (i === index && step.type === 'tool' ? { ...step, ...change } : step));
}
