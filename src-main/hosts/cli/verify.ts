/** `squelch sessions verify`: recomputes the log and says what differs; what was erased by its owner is told, not blamed. */
import type { Verification } from '../../../src-preload/contract.ts';
import { readAnchor } from '../../audit/chain/anchors.ts';
import { verifyLog } from '../../audit/verify/verification.ts';
import { counted } from './amounts.ts';
import { dataFolder, existingDataFolder } from './data-folder.ts';
import { localTime } from './local-time.ts';
import { EXIT, mention, report } from './report.ts';

export interface VerifyOptions {
  readonly anchor?: string;
  readonly json?: boolean;
  readonly home?: string;
}

const TELL_EVERY_MS = 1_000;
const NO_LOG: Verification = {
  ok: true,
  log: '',
  entries: 0,
  head: null,
  problems: [],
  redactions: [],
  recoveries: [],
};

/** @returns the exit status: failed when anything differs. @throws Fault */
export async function verify(sessionId: string | null, { anchor, json, home }: VerifyOptions): Promise<number> {
  let toldAt = performance.now();
  const kept = anchor === undefined ? null : readAnchor(anchor);
  const found = await verifyLog(kept ? dataFolder(home) : existingDataFolder(home), {
    sessionId,
    anchor: kept,
    onProgress(checked, of) {
      if (performance.now() - toldAt < TELL_EVERY_MS) return;
      toldAt = performance.now();
      mention(`${checked} of ${of} entries`);
    },
  });
  const verification = found ?? withoutLog(kept !== null);
  report(json ?? false, verification, verificationText(verification));
  return verification.ok ? EXIT.done : EXIT.failed;
}

/** Where an anchor says that there was a log, none is a log cut off at its beginning. */
function withoutLog(anchored: boolean): Verification {
  if (!anchored) return NO_LOG;
  const problem = { kind: 'tail-cut', seq: null, turnId: null, detail: 'there is no log here at all' } as const;
  return { ...NO_LOG, ok: false, problems: [problem] };
}

function verificationText({ ok, entries, head, problems, redactions, recoveries }: Verification): string {
  return [
    ...problems.map(({ kind, seq, turnId, detail }) =>
      [kind.padEnd(17), seq === null ? '' : `entry ${seq}`, turnId ? `turn ${turnId}` : '', detail]
        .filter((part) => part !== '')
        .join('  '),
    ),
    ...redactions.map(({ at, turnId, sessionId, part, contents, reason }) => {
      const whose = turnId ? `turn ${turnId}` : `session ${sessionId}`;
      return `redacted ${localTime(at)}  ${part} of ${whose} (${contents} contents): ${reason}`;
    }),
    ...recoveries.map(
      ({ at, keptAs, reason }) => `recovered ${localTime(at)}  ${reason}; the damaged files: ${keptAs}`,
    ),
    `${ok ? 'ok' : counted(problems.length, 'problem')} · ${entries} entries · ${head ? `head ${head}` : 'empty'}`,
  ].join('\n');
}
