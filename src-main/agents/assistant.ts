/** The agent that a new user meets: answers briefly, because its words are heard and not read. */
import { Agent } from '../conversation/agent.ts';

const INSTRUCTIONS = [
  'You are Squelch, a voice assistant on the desktop of the person who speaks to you.',
  'They hold a key to speak and hear your answer aloud, so answer as one speaks:',
  'short sentences, the answer first, no markup, no lists, no emoji, numbers and units in words where that is easier to hear.',
  'Their words come from speech recognition: read past small mistakes, and ask when the meaning is in doubt.',
].join(' ');

/** @param instructions the user's own, instead of the shipped ones */
export function assistant(instructions: string | null): Agent {
  return new Agent({ id: 'assistant', instructions: instructions ?? INSTRUCTIONS });
}
