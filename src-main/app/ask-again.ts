/** A logged turn sent again: in its own conversation, or in a new one to other ears. */
import type { CommandInput, CommandOutput } from '../../src-preload/contract.ts';
import { STAGES, type Stage } from '../../src-preload/settings.ts';
import { decodeAudioFile } from '../audio/decode.ts';
import type { SentContent } from '../conversation/turn-opening.ts';
import { Fault } from '../fault.ts';
import type { LocalTransport } from '../transport/local.ts';
import type { Transport } from '../transport/transport.ts';
import type { Core } from './core.ts';
import { rememberedUntil, resumable } from './resumable.ts';

/**
 * Begins a conversation that remembers what was said before the turn, and asks there what the turn asked.
 * @throws Fault `turn-unknown`, `nothing-to-retry`, `no-server`, and as Core.startSession
 */
export async function askAgain(
  core: Core,
  { turnId, agentId, models }: CommandInput<'turns.askAgain'>,
  transport: Transport,
): Promise<CommandOutput<'turns.askAgain'>> {
  const { queries } = core.log;
  const asked = queries.getTurn(turnId);
  const session = asked && queries.getSession(asked.sessionId);
  if (!session) throw unknownTurn(turnId);
  const content = contentOf(core, turnId);
  for (const stage of STAGES) if (models?.[stage]) requireServer(core, stage);
  await core.startSession({ agentId: agentId ?? asked.agentId, models, resumed: rememberedUntil(session, turnId) });
  const again = core.session.send({ transport, content, retryOf: turnId });
  return { sessionId: core.session.id, turnId: again };
}

/** Sends a turn again in its own conversation, which goes on if another is in progress. @throws Fault `turn-unknown`, `nothing-to-retry`, and as Core.startSession */
export async function retry(core: Core, turnId: string, transport: LocalTransport): Promise<{ turnId: string }> {
  const content = contentOf(core, turnId);
  const { queries } = core.log;
  const sessionId = queries.getTurn(turnId)?.sessionId;
  const session = sessionId && sessionId !== core.session.id ? queries.getSession(sessionId) : null;
  if (session) await core.startSession({ resumed: resumable(session, turnId) });
  return { turnId: core.session.send({ transport: core.rooms.voiceFor(transport), content, retryOf: turnId }) };
}

/** What a logged turn said: its recording, else its text. @throws Fault `turn-unknown`, `nothing-to-retry` */
function contentOf(core: Core, turnId: string): SentContent {
  const turn = core.log.queries.getTurn(turnId);
  const recording = core.log.queries.recordingFile(turnId, 'user');
  if (recording) return { type: 'recording', frames: decodeAudioFile(recording) };
  const text = core.log.queries.wordsOf(turnId);
  if (text) return { type: 'text', text };
  // A private turn is on the screen and not in the log.
  if (!turn && !core.turns.some(({ id }) => id === turnId)) throw unknownTurn(turnId);
  throw new Fault('nothing-to-retry', 'Nothing is kept of that turn that could be sent again', {
    hint: 'Say or type it again.',
  });
}

/** Practice has no models: it would answer as if it were the one that was named. */
function requireServer(core: Core, stage: Stage): void {
  if (core.stages.status[stage].provider !== 'practice') return;
  throw new Fault('no-server', 'There is no server yet that could have that model', {
    hint: 'Choose one in Settings, or set OPENAI_BASE_URL or OPENAI_API_KEY.',
    stage,
  });
}

function unknownTurn(turnId: string): Fault {
  return new Fault('turn-unknown', `There is no turn ${turnId}`, { hint: 'Choose one from the list.' });
}
