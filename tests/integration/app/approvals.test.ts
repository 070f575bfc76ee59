import { expect, it } from 'vitest';
import { Approvals } from '../../../src-main/app/agents/approvals.ts';

it('a call that nobody answers about is denied, and the log is told so', async () => {
  const told: unknown[] = [];
  const listener = {
    requested: ({ tool }: { tool: string }) => told.push(`asked for ${tool}`),
    closed: () => told.push('closed'),
    decided: (...decision: unknown[]) => told.push(decision),
  };
  const approvals = new Approvals(listener, 1);
  const call = { turnId: 'turn-1', callId: 'call-1', server: 'files', tool: 'erase', arguments: '{}' };
  await expect(approvals.ask(call, new AbortController().signal)).rejects.toThrow('Nobody allowed this call in time.');
  expect(told).toEqual(['asked for erase', ['turn-1', 'call-1', 'timeout'], 'closed']);
  expect(approvals.pending).toEqual([]);
});

it('a call that two windows answer about is decided by the first', async () => {
  const decided: unknown[] = [];
  const approvals = new Approvals(
    {
      requested: ({ approvalId }) => {
        queueMicrotask(() => {
          approvals.decide(approvalId, 'deny');
          expect(() => approvals.decide(approvalId, 'always')).toThrow('no longer waits');
        });
      },
      closed: () => {},
      decided: (...told) => decided.push(told.at(-1)),
    },
    60_000,
  );
  const call = { turnId: 'turn', callId: 'call', server: 'files', tool: 'read', arguments: '{}' };
  await expect(approvals.ask(call, new AbortController().signal)).rejects.toThrow('did not allow');
  expect(decided).toEqual(['deny']);
});
