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
const OVER = /[\s,.;:"“”'‘(–—-]*(?<![\p{L}\p{M}\p{N}'’-])over(?:,? and out)?[\s\p{P}]*$/iu;
const NEVER_MIND = /(?<![\p{L}\p{M}\p{N}'’-])never[\s\p{P}]*mind[\s\p{P}]*$/iu;

export class Keyword extends Agent {
  constructor() {
    super({ id: 'keyword', instructions: INSTRUCTIONS });
  }

  override async *sttNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings): AsyncGenerator<SpeechEvent> {
    let before = '';
    for await (const event of Agent.default.sttNode(this, audio, settings) ?? []) {
      // A pause between the two words ends a phrase.
      if (event.type === 'final' && NEVER_MIND.test(`${before} ${event.text}`)) {
        if (this.#isCurrent(settings)) this.session.cancel();
        return;
      }
      if (event.type === 'final' && event.text.trim() !== '') before = event.text;
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
