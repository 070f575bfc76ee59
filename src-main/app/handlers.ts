/** What each command of the contract does. A host never calls these: it calls `invoke`, which has parsed the input. */
import { Fault } from '../fault.ts';
import { discoverServers } from '../providers/openai/discover.ts';
import { agentHandlers } from './agents/handlers.ts';
import { retry } from './ask-again.ts';
import type { Core } from './core.ts';
import type { Handlers } from './handler.ts';
import { logHandlers } from './log-handlers.ts';
import { priceHandlers } from './price-handlers.ts';
import { roomHandlers } from './rooms/handlers.ts';
import { testStage } from './stage-test.ts';
import { trial } from './trial.ts';
import { vadLabHandlers } from './vad-lab/handlers.ts';

/** A test that takes longer than any turn would bear has failed. */
const STAGE_TEST_TIMEOUT_MS = 20_000;

export function makeHandlers(core: Core): Handlers {
  return {
    ...agentHandlers(core),
    ...logHandlers(core),
    ...priceHandlers(core),
    ...roomHandlers(core),
    ...vadLabHandlers(core),

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
      await core.readKeysAgain();
      return trial(() => testStage(stage, core.stages, AbortSignal.timeout(STAGE_TEST_TIMEOUT_MS)), stage);
    },
    'servers.discover': () => discoverServers(),

    'conversation.get': () => ({
      conversation: core.conversation,
      turns: core.turns,
      approvals: core.agents.approvals.pending,
    }),
    'conversation.new': async ({ agentId, sessionId, private: isPrivate }, transport) => {
      await core.readKeysAgain();
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
    'talk.takeOver': (_, transport) => {
      transport.takeOver();
      return {};
    },
    'talk.retry': ({ turnId }, transport) => retry(core, turnId, transport),
  };
}
