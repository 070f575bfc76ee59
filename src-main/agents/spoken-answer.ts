/** Reads `{ voice_instructions, response }` while it is being written. A model that writes prose instead is read as it is. */
import { parse } from 'partial-json';
import { Fault } from '../fault.ts';

export interface AnswerPart {
  /** null if the model gave none before its first words. */
  readonly voiceInstructions: string | null;
  /** The next words to be spoken. */
  readonly words: string;
}

/** What models put around JSON when they mean well. */
const FENCE = /^\s*(?:```(?:json)?\s*)?(?=\{)/;
const BEGINNING_OF_FENCE = /^\s*(?:`{0,3}|```[a-z]{0,4}\s*)$/;

/** @throws Fault `answer-wordless` when it ends without anything to say */
export async function* readAnswer(text: AsyncIterable<string>): AsyncGenerator<AnswerPart, void> {
  let written = '';
  let read = 0;
  for await (const piece of text) {
    written += piece;
    if (BEGINNING_OF_FENCE.test(written)) continue;
    const { voiceInstructions, response } = parsed(written);
    const words = wholeCharacters(response);
    if (words.length <= read) continue;
    yield { voiceInstructions, words: words.slice(read) };
    read = words.length;
  }
  if (read > 0 || written === '') return;
  throw new Fault('answer-wordless', 'The model answered with data and nothing to say', {
    hint: 'Ask again, or choose another model in Settings.',
    stage: 'llm',
  });
}

function parsed(written: string): { voiceInstructions: string | null; response: string } {
  if (!FENCE.test(written)) return { voiceInstructions: null, response: written };
  const { voice_instructions, response } = parse(written.replace(FENCE, '')) as Record<string, unknown>;
  return {
    voiceInstructions: typeof voice_instructions === 'string' ? voice_instructions : null,
    response: typeof response === 'string' ? response : '',
  };
}

/** Without the first half of a character whose second half is still to come. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
