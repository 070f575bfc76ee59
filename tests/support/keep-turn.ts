/**
 * A process to be killed: holds a turn open in the home it is given and records 20 ms frames for ever, printing after
 * each how many samples the log has taken.
 */
import { setImmediate } from 'node:timers/promises';
import { openAuditLog } from '../../src-main/audit/audit-log.ts';
import { lockHome } from '../../src-main/audit/store/home-lock.ts';
import { CONFIGURATION, noise, STARTED_AT } from './turns.ts';

const home = process.argv[2];
if (!home) throw new Error('usage: keep-turn.ts HOME');
const log = openAuditLog(lockHome(home), {
  appVersion: '0.0.0-test',
  onFault: (fault) => {
    throw fault;
  },
});
const key = { sessionId: 'session-1', turnId: 'turn-1' };
log.record({
  ...key,
  at: STARTED_AT,
  type: 'turn_started',
  source: 'voice',
  retryOf: null,
  configuration: CONFIGURATION,
});
for (let frame = 0; ; frame++) {
  log.record({ ...key, at: STARTED_AT + frame * 20, type: 'audio_captured', samples: noise(480, frame) });
  process.stdout.write(`${(frame + 1) * 480}\n`);
  await setImmediate();
}
