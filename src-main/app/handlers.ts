/** What each command of the contract does. A host never calls these: it calls `invoke`, which has parsed the input. */
import type { z } from 'zod';
import type { CommandName, CommandOutput, commands } from '../../src-preload/contract.ts';
import { decodeAudioFile } from '../audio/decode.ts';
import type { SentContent } from '../conversation/turn-opening.ts';
import { Fault, reportFault, toFault } from '../fault.ts';
import { discoverServers } from '../providers/openai/discover.ts';
import type { LocalTransport } from '../transport/local.ts';
import { agentHandlers } from './agents/handlers.ts';
import type { Core } from './core.ts';
import { roomHandlers } from './rooms/handlers.ts';
import { testStage } from './stage-test.ts';
import { vadLabHandlers } from './vad-lab/handlers.ts';

/** A test that takes longer than any turn would bear has failed. */
const STAGE_TEST_TIMEOUT_MS = 20_000;

/** @param transport of the window that asks: a turn that it starts is heard there. */
type Handler<N extends CommandName> = (
  input: z.output<(typeof commands)[N]['input']>,
  transport: LocalTransport,
) => CommandOutput<N> | Promise<CommandOutput<N>>;

export type Handlers = { readonly [N in CommandName]: Handler<N> };

export function makeHandlers(core: Core): Handlers {
  return {
    ...agentHandlers(core),
    ...roomHandlers(core),
    ...vadLabHandlers(),

    'app.get': () => core.app,
    'app.dismissNotice': ({ id }) => {
      core.notices.dismiss(id);
      return {};
    },

    'settings.update': async (patch) => {
      await core.updateSettings(patch);
      return core.app.settings;
    },
    'settings.setKey': async ({ stage, key }) => {
      await core.setKey(stage, key);
      return {};
    },
    'settings.test': async ({ stage }) => {
      const startedAt = performance.now();
      const elapsedMs = () => Math.round(performance.now() - startedAt);
      try {
        const detail = await testStage(stage, core.stages, AbortSignal.timeout(STAGE_TEST_TIMEOUT_MS));
        return { ok: true, elapsedMs: elapsedMs(), detail, error: null };
      } catch (thrown) {
        const fault = toFault(thrown, stage);
        return { ok: false, elapsedMs: elapsedMs(), detail: fault.message, error: reportFault(fault) };
      }
    },
    'servers.discover': () => discoverServers(),

    'conversation.get': () => ({
      conversation: core.conversation,
      turns: core.turns,
      approvals: core.agents.approvals.pending,
    }),
    'conversation.new': async ({ agentId, sessionId, private: isPrivate }, transport) => {
      await core.startSession({ agentId, sessionId, isPrivate, transport });
      return {};
    },

    'talk.press': ({ takeId, input }, transport) => {
      core.session.press({ takeId, transport: core.rooms.claim(transport), input });
      return {};
    },
    'talk.release': (release) => {
      core.session.release(release);
      return {};
    },
    'talk.cancel': () => {
      core.session.cancel();
      return {};
    },
    'talk.interrupt': () => {
      core.session.interrupt();
      return {};
    },
    'talk.captureFailed': ({ takeId, error }) => {
      const { code, message, hint } = error;
      core.session.captureFailed(takeId, new Fault(code, message, { hint, stage: 'capture' }));
      return {};
    },
    'talk.sendText': ({ text }, transport) => ({
      turnId: core.session.send({
        transport: core.rooms.voiceFor(transport),
        content: { type: 'text', text },
        retryOf: null,
      }),
    }),
    'talk.retry': ({ turnId }, transport) => ({
      turnId: core.session.send({
        transport: core.rooms.voiceFor(transport),
        content: contentOf(core, turnId),
        retryOf: turnId,
      }),
    }),

    'turns.inspect': ({ turnId }) => inspect(core, turnId),
    'turns.redact': async ({ turnId, part, reason }) => {
      await core.endSession(core.log.queries.getTurn(turnId)?.sessionId);
      return core.log.redactTurn(turnId, part, reason);
    },
    'sessions.delete': async ({ sessionId, reason }) => {
      await core.endSession(sessionId);
      return core.log.deleteSession(sessionId, reason);
    },
    'backup.run': () => {
      const { backupFolder } = core.app.settings.log;
      if (backupFolder !== null) return core.log.backUp(backupFolder);
      throw new Fault('backup-folder-missing', 'No folder for backups is chosen', { hint: 'Choose one in Settings.' });
    },
    'retention.preview': (rules) => core.log.previewRetention(core.retention(rules)),
    'retention.run': () => core.log.runRetention(core.retention(core.app.settings.log)),
    'log.verify': ({ sessionId }) =>
      core.log.verify({
        sessionId,
        onProgress: (checked, of) => core.windows.send('log.verifying', { checked, of }),
      }),
    'sessions.list': (filter) => core.log.queries.listSessions(filter),
    'sessions.get': ({ sessionId }) => core.log.queries.getSession(sessionId) ?? refuseSession(sessionId),
    'usage.summary': (input) => core.log.queries.summarizeUsage(input),
    'sessions.search': (input) => core.log.queries.search(input),
    'sessions.export': (request) => {
      const { startedAt } = core.log.queries.findSession(request.sessionId) ?? refuseSession(request.sessionId);
      return core.exports.run(request, startedAt, (done) =>
        core.windows.send('sessions.exporting', { exportId: request.exportId, done }),
      );
    },
    'sessions.cancelExport': ({ exportId }) => {
      core.exports.cancel(exportId);
      return {};
    },
  };
}

function refuseSession(sessionId: string): never {
  throw new Fault('session-unknown', `There is no session ${sessionId}`, { hint: 'Choose one from the list.' });
}

function inspect(core: Core, turnId: string): CommandOutput<'turns.inspect'> {
  const { queries } = core.log;
  const turn = queries.getTurn(turnId);
  const detail = turn && queries.openSession(turn.sessionId)?.detailOf(turnId);
  if (!detail) throw new Fault('turn-unknown', `There is no turn ${turnId}`, { hint: 'Choose one from the list.' });
  return { turnId, startedAt: detail.at, phases: detail.phases, requests: detail.requests };
}

/** What a logged turn said: its recording, else its text. */
function contentOf(core: Core, turnId: string): SentContent {
  const turn = core.log.queries.getTurn(turnId);
  const recording = core.log.queries.recordingFile(turnId, 'user');
  if (recording) return { type: 'recording', frames: decodeAudioFile(recording) };
  if (turn?.user.committed) return { type: 'text', text: turn.user.committed };
  throw new Fault('nothing-to-retry', 'Nothing is kept of that turn that could be sent again', {
    hint: 'Say or type it again.',
  });
}
