/**
 * The text as it should sound: without the Markdown marks that voices would read aloud. Only what is seen in short
 * answers is known here: emphasis, code marks, headings, bullets, links. Tables and maths are left as they are.
 */
export function spokenText(text: string): string {
  return text
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^[ \t]*(?:#{1,6}|[-*+•]|>)[ \t]+/gm, '')
    .replace(/(?<![\p{L}\p{N}*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\p{L}\p{N}*])/gu, '')
    .replace(/(?<![\p{L}\p{N}_])_{1,2}(?=\S)|(?<=\S)_{1,2}(?![\p{L}\p{N}_])/gu, '')
    .replace(/`+/g, '')
    .trim();
}

/** Whether there is anything in `text` to be heard: a letter, a digit, or a symbol that has a name. */
export function hasSound(text: string): boolean {
  return /[\p{L}\p{N}\p{Sc}\p{Sm}\p{So}]/u.test(text);
}
