/** Calls that wait until the user allows them. */
import { randomUUID } from 'node:crypto';
import type { ApprovalView } from '../../../src-preload/agents-contract.ts';
import { Fault } from '../../fault.ts';

export type Decision = 'once' | 'always' | 'deny';

export interface ApprovalListener {
  requested(approval: ApprovalView): void;
  closed(approvalId: string): void;
}

export class Approvals {
  readonly #listener: ApprovalListener;
  readonly #pending = new Map<string, { view: ApprovalView; decide(decision: Decision): void }>();

  constructor(listener: ApprovalListener) {
    this.#listener = listener;
  }

  get pending(): ApprovalView[] {
    return [...this.#pending.values()].map(({ view }) => view);
  }

  /** @returns what the user decided. @throws the signal's reason when nobody waits for it any more */
  async ask(call: Omit<ApprovalView, 'approvalId'>, signal: AbortSignal): Promise<Decision> {
    signal.throwIfAborted();
    const view = { ...call, approvalId: randomUUID() };
    const { promise, resolve, reject } = Promise.withResolvers<Decision>();
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#pending.set(view.approvalId, { view, decide: resolve });
    this.#listener.requested(view);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', abort);
      this.#pending.delete(view.approvalId);
      this.#listener.closed(view.approvalId);
    }
  }

  /** @throws Fault `approval-closed` when nobody waits for it any more */
  decide(approvalId: string, decision: Decision): void {
    const waiting = this.#pending.get(approvalId);
    if (!waiting) {
      throw new Fault('approval-closed', 'That call no longer waits to be allowed', {
        hint: 'Ask again: the turn it belonged to is over.',
      });
    }
    waiting.decide(decision);
  }
}
