/** What the commands about the log do. */
import type { ExportSelection } from '../../src-preload/contract.ts';
import type { inspectionCommands } from '../../src-preload/inspection.ts';
import type { logCommands } from '../../src-preload/log-contract.ts';
import { restore } from '../audit/backup/backup.ts';
import { parseAnchor } from '../audit/chain/anchors.ts';
import { deleteSessions } from '../audit/erase-several.ts';
import { inspectionOf } from '../audit/reading/inspection.ts';
import { verifyLog } from '../audit/verify/verification.ts';
import { Fault } from '../fault.ts';
import { askAgain } from './ask-again.ts';
import type { Core } from './core.ts';
import type { Handlers } from './handler.ts';

export function logHandlers(core: Core): Pick<Handlers, keyof typeof logCommands | keyof typeof inspectionCommands> {
  return {
    'sessions.list': (filter) => core.log.queries.listSessions(filter),
    'sessions.get': ({ sessionId }) => core.log.queries.getSession(sessionId) ?? refuseSession(sessionId),
    'sessions.search': (input) => core.log.queries.search(input),
    'sessions.delete': ({ deletionId, sessionIds, reason }) =>
      core.deletions.run(deletionId, (signal) =>
        erasing(core, () =>
          deleteSessions(core.log, sessionIds, reason, {
            signal,
            before: (id) => core.endSession(id),
            progress: (done, of) => core.windows.send('sessions.deleting', { deletionId, done, of }),
          }),
        ),
      ),
    'sessions.stopDeleting': ({ deletionId }) => {
      core.deletions.stop(deletionId);
      return {};
    },
    'sessions.export': (request) =>
      core.exports.run(request, startOf(core, request.selection), (done) =>
        core.windows.send('sessions.exporting', { exportId: request.exportId, done }),
      ),
    'sessions.cancelExport': ({ exportId }) => {
      core.exports.cancel(exportId);
      return {};
    },

    'turns.inspect': ({ turnId }) => {
      const { queries } = core.log;
      return inspectionOf(queries.getTurnDetail(turnId) ?? refuseTurn(turnId), queries.runOf(turnId));
    },
    'turns.sound': ({ turnId }) => core.log.queries.getTurnSound(turnId) ?? refuseTurn(turnId),
    'turns.redact': async ({ turnId, part, reason }) => {
      await core.endSession(core.log.queries.getTurn(turnId)?.sessionId);
      return erasing(core, () => core.log.redactTurn(turnId, part, reason));
    },
    'turns.askAgain': (request, transport) => askAgain(core, request, transport),
    'turns.alternatives': ({ turnId }) => core.log.queries.alternatives(turnId) ?? refuseTurn(turnId),

    'log.filters': () => core.log.queries.filters(),
    'log.verify': ({ sessionId, anchor }) =>
      core.log.verify({
        sessionId,
        anchor: anchor === null ? null : parseAnchor(anchor, 'This file'),
        onProgress: (checked, of) => core.windows.send('log.verifying', { checked, of }),
      }),
    'anchors.list': () => core.log.anchors(),
    'anchors.write': () => {
      core.log.writeAnchors();
      return core.log.anchors();
    },
    'usage.summary': (input) => {
      core.prices.reload();
      return core.log.queries.summarizeUsage(input);
    },

    'retention.preview': (rules) => core.log.previewRetention(core.retention(rules)),
    'retention.run': () => erasing(core, () => core.log.runRetention(core.retention(core.app.settings.log))),
    'backups.make': () => core.log.backUp(backupFolder(core)),
    'backups.list': () => core.log.backups(backupFolder(core)),
    'backups.restore': async ({ backup, home }) => {
      const restored = await restore(backup, home);
      const verification = await verifyLog(restored.folder);
      return { ...restored, problems: verification?.problems ?? [] };
    },
  };
}

/** What is open of the log in the VAD Lab is closed with it. */
async function erasing<T>(core: Core, erase: () => T | Promise<T>): Promise<T> {
  try {
    return await erase();
  } finally {
    core.lab.forgetErased();
  }
}

/** Of a session, when it began; of a selection, now. @throws Fault `session-unknown` */
function startOf(core: Core, selection: ExportSelection): number {
  const [id, ...others] = 'sessionIds' in selection ? selection.sessionIds : [];
  if (id === undefined || others.length > 0) return Date.now();
  return (core.log.queries.findSession(id) ?? refuseSession(id)).startedAt;
}

/** @throws Fault `backup-folder-missing` */
function backupFolder(core: Core): string {
  const { backupFolder: folder } = core.app.settings.log;
  if (folder !== null) return folder;
  throw new Fault('backup-folder-missing', 'No folder for backups is chosen', { hint: 'Choose one in Settings.' });
}

function refuseSession(sessionId: string): never {
  throw new Fault('session-unknown', `There is no conversation ${sessionId}`, { hint: 'Choose one from the list.' });
}

function refuseTurn(turnId: string): never {
  throw new Fault('turn-unknown', `There is no turn ${turnId}`, { hint: 'Choose one from the list.' });
}
