/**
 * Keyword: acts on words in the stream of recognised speech, while the key is still down. Say "over" and what you said
 * is sent at once, as on the radio; say "never mind" and it is dropped. Neither word reaches the model.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { Agent } from '../conversation/agent.ts';
import type { NodeSettings } from '../conversation/node.ts';
import type { SpeechEvent } from '../speech/stt/stt.ts';

const INSTRUCTIONS = [
  'You are a voice assistant on a radio. Answer in one or two short spoken sentences, without markup.',
  'The words "over" and "never mind" are commands to the radio; you are never shown them.',
].join(' ');

/** At the end of a phrase, with whatever punctuation the recogniser gave it. */
const OVER = /[\s,.;]*\bover(?: and out)?\b[.!]*\s*$/i;
const NEVER_MIND = /\bnever ?mind\b[.!]*\s*$/i;

export class Keyword extends Agent {
  constructor() {
    super({ id: 'keyword', instructions: INSTRUCTIONS });
  }

  override async *sttNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings): AsyncGenerator<SpeechEvent> {
    for await (const event of Agent.default.sttNode(this, audio, settings) ?? []) {
      if (event.type === 'final' && NEVER_MIND.test(event.text)) {
        if (this.#isCurrent(settings)) this.session.cancel();
        return;
      }
      yield { ...event, text: event.text.replace(OVER, '') };
      if (event.type === 'final' && OVER.test(event.text) && this.#isCurrent(settings)) this.#send();
    }
  }

  /** Words may be recognised when the user already says the next ones: those are not to be sent or dropped for them. */
  #isCurrent({ turnId }: NodeSettings): boolean {
    const { state } = this.session;
    return state.phase !== 'idle' && state.turnId === turnId;
  }

  /** Not awaited: the transcript needs this very stream to end. After the release there is nothing left to send. */
  #send(): void {
    this.session.commitUserTurn().catch(() => {});
  }
}
