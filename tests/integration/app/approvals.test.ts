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
