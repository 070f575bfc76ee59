import { expect, it } from 'vitest';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { withCall } from '../../../src-main/speech/call.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';

it('keeps no request of a turn that it was not told of, and finds nothing wrong with that', async () => {
  const home = temporaryHome();
  const { log, faults, close } = openLog(home, async () => new Response('An answer'));
  await withCall({ turnId: 'private', stage: 'llm' }, async () => {
    const response = await log.recordingFetch('http://127.0.0.1:9/', { method: 'POST', body: 'A question' });
    expect(await response.text()).toBe('An answer');
  });
  close();
  expect(faults).toEqual([]);
  expect(await verifyLog(home)).toMatchObject({ ok: true, entries: 0 });
});
