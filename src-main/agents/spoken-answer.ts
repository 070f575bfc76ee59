/** Reads `{ voice_instructions, response }` while it is being written. A model that writes prose instead is read as it is. */
import { parse } from 'partial-json';

export interface AnswerPart {
  /** null if the model gave none before its first words. */
  readonly voiceInstructions: string | null;
  /** The next words to be spoken. */
  readonly words: string;
}

export async function* readAnswer(text: AsyncIterable<string>): AsyncGenerator<AnswerPart, void> {
  let written = '';
  let read = 0;
  for await (const piece of text) {
    written += piece;
    if (written.trimStart() === '') continue;
    const { voice_instructions, response } = parsed(written);
    const words = wholeCharacters(response);
    if (words.length <= read) continue;
    yield { voiceInstructions: voice_instructions, words: words.slice(read) };
    read = words.length;
  }
}

function parsed(written: string): { voice_instructions: string | null; response: string } {
  if (!written.trimStart().startsWith('{')) return { voice_instructions: null, response: written };
  const { voice_instructions, response } = parse(written) as Record<string, unknown>;
  return {
    voice_instructions: typeof voice_instructions === 'string' ? voice_instructions : null,
    response: typeof response === 'string' ? response : '',
  };
}

/** Without the first half of a character whose second half is still to come. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
