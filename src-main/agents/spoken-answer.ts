/**
 * Reads `{ voice_instructions, response }` while it is being written. What a model writes instead, or before it, is read as
 * it is.
 */
import { parse } from 'partial-json';
import { Fault } from '../fault.ts';

export interface AnswerPart {
  /** null if the model gave none before its first words. */
  readonly voiceInstructions: string | null;
  /** The next words to be spoken. */
  readonly words: string;
}

/** Models that mean well put a fence or a sentence before the object. */
const OBJECT = /^\s*(?:`{3}\s*(?:json)?\s*)?\{|(?:`{3}\s*(?:json)?\s*)?\{\s*"(?:voice_instructions|response)"/i;
/** What could still become the beginning of one, at the end of what is written. */
const POSSIBLE_OBJECT = /(?:^\s*)?(?:`{1,3}\s*[a-z]{0,4}\s*)?(?:\{\s*(?:"[a-z_]*)?)?$/i;
const STRING = /"(?:[^"\\]|\\.)*"?/gs;

/** @throws Fault `answer-wordless` when it ends without anything to say */
export async function* readAnswer(text: AsyncIterable<string>): AsyncGenerator<AnswerPart, void> {
  let written = '';
  let read = 0;
  for await (const piece of text) {
    written += piece;
    const { voiceInstructions, words } = understood(written);
    if (words.length <= read) continue;
    yield { voiceInstructions, words: words.slice(read) };
    read = words.length;
  }
  const held = OBJECT.test(written) ? '' : written.slice(read);
  if (held.trim() !== '') yield { voiceInstructions: null, words: held };
  else if (read === 0 && written !== '') {
    throw new Fault('answer-wordless', 'The model answered with data and nothing to say', {
      hint: 'Ask again, or choose another model in Settings.',
      stage: 'llm',
    });
  }
}

function understood(written: string): AnswerPart {
  const found = OBJECT.exec(written);
  if (!found) return { voiceInstructions: null, words: written.replace(POSSIBLE_OBJECT, '') };
  const json = written.slice(found.index).replace(/^[^{]*/, '');
  const { voice_instructions, response } = parse(mended(json)) as Record<string, unknown>;
  return {
    voiceInstructions: typeof voice_instructions === 'string' ? voice_instructions : null,
    words: written.slice(0, found.index) + (typeof response === 'string' ? wholeCharacters(response) : ''),
  };
}

/** Models break lines within a string, and escape what needs no escape: a strict reader would end there. */
function mended(json: string): string {
  return json.replace(STRING, (string) =>
    string.replace(/\\(.)|\p{Cc}/gsu, (written, escaped?: string) => {
      if (escaped === undefined) return JSON.stringify(written).slice(1, -1);
      return '"\\/bfnrtu'.includes(escaped) ? written : escaped;
    }),
  );
}

/** Without the first half of a character whose second half is still to come. */
function wholeCharacters(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
