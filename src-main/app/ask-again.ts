/** A logged turn sent again: in the conversation as it is, or in one of its own to other ears. */
import type { CommandInput, CommandOutput } from '../../src-preload/contract.ts';
import { decodeAudioFile } from '../audio/decode.ts';
import type { SentContent } from '../conversation/turn-opening.ts';
import { Fault } from '../fault.ts';
import type { Transport } from '../transport/transport.ts';
import type { Core } from './core.ts';
import { rememberedUntil } from './resumable.ts';

/**
 * Begins a conversation that remembers what was said before the turn, and asks there what the turn asked.
 * @throws Fault `turn-unknown`, `nothing-to-retry`, and as Core.startSession
 */
export async function askAgain(
  core: Core,
  { turnId, agentId, models }: CommandInput<'turns.askAgain'>,
  transport: Transport,
): Promise<CommandOutput<'turns.askAgain'>> {
  const { queries } = core.log;
  const asked = queries.getTurn(turnId);
  const session = asked && queries.getSession(asked.sessionId);
  if (!session) {
    throw new Fault('turn-unknown', `There is no turn ${turnId}`, { hint: 'Choose one from the list.' });
  }
  const content = contentOf(core, turnId);
  await core.startSession({ agentId: agentId ?? asked.agentId, models, resumed: rememberedUntil(session, turnId) });
  const again = core.session.send({ transport, content, retryOf: turnId });
  return { sessionId: core.session.id, turnId: again };
}

/** What a logged turn said: its recording, else its text. @throws Fault `nothing-to-retry` */
export function contentOf(core: Core, turnId: string): SentContent {
  const turn = core.log.queries.getTurn(turnId);
  const recording = core.log.queries.recordingFile(turnId, 'user');
  if (recording) return { type: 'recording', frames: decodeAudioFile(recording) };
  if (turn?.user.committed) return { type: 'text', text: turn.user.committed };
  throw new Fault('nothing-to-retry', 'Nothing is kept of that turn that could be sent again', {
    hint: 'Say or type it again.',
  });
}
