/** Calls that wait until the user allows them; what nobody answers is denied. */
import { randomUUID } from 'node:crypto';
import type { ApprovalView } from '../../../src-preload/agents-contract.ts';
import type { ToolCallDecision } from '../../conversation/events.ts';
import { ToolError } from '../../conversation/tool.ts';
import { Fault } from '../../fault.ts';

type Decision = Exclude<ToolCallDecision, 'timeout'>;

export interface ApprovalListener {
  requested(approval: ApprovalView): void;
  closed(approvalId: string): void;
  decided(turnId: string, callId: string, decision: ToolCallDecision): void;
}

interface CallToAllow extends Omit<ApprovalView, 'approvalId'> {
  readonly callId: string;
}

export class Approvals {
  readonly #listener: ApprovalListener;
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, { view: ApprovalView; decide(decision: Decision): void }>();

  constructor(listener: ApprovalListener, timeoutMs: number) {
    this.#listener = listener;
    this.#timeoutMs = timeoutMs;
  }

  get pending(): ApprovalView[] {
    return [...this.#pending.values()].map(({ view }) => view);
  }

  /** Resolves when the user allows the call. @throws ToolError if not; the signal's reason when it is over before */
  async ask({ callId, ...call }: CallToAllow, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const view = { ...call, approvalId: randomUUID() };
    const { promise, resolve, reject } = Promise.withResolvers<ToolCallDecision>();
    const timer = setTimeout(() => resolve('timeout'), this.#timeoutMs);
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#pending.set(view.approvalId, { view, decide: resolve });
    this.#listener.requested(view);
    try {
      const decision = await promise;
      this.#listener.decided(view.turnId, callId, decision);
      if (decision === 'timeout') throw new ToolError('Nobody allowed this call in time.');
      if (decision === 'deny') throw new ToolError('The user did not allow this call.');
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#pending.delete(view.approvalId);
      this.#listener.closed(view.approvalId);
    }
  }

  /** @returns the call. @throws Fault `approval-closed` when nobody waits for it any more */
  decide(approvalId: string, decision: Decision): ApprovalView {
    const waiting = this.#pending.get(approvalId);
    if (!waiting) {
      throw new Fault('approval-closed', 'That call no longer waits to be allowed', {
        hint: 'Ask again: the turn it belonged to is over.',
      });
    }
    // At once: a second answer, from another window, must not count.
    this.#pending.delete(approvalId);
    waiting.decide(decision);
    return waiting.view;
  }
}
