/** Cuts a document into passages small enough to show a model a few of: whole paragraphs, gathered. */

const LONGEST_PASSAGE = 1_200;

export function passagesOf(document: string): string[] {
  const passages: string[] = [];
  let gathered = '';
  for (const paragraph of document.split(/\n\s*\n/).flatMap(pieces)) {
    if (gathered !== '' && gathered.length + paragraph.length > LONGEST_PASSAGE) {
      passages.push(gathered);
      gathered = '';
    }
    gathered = gathered === '' ? paragraph : `${gathered}\n\n${paragraph}`;
  }
  return gathered === '' ? passages : [...passages, gathered];
}

/** A paragraph that is too long is cut between words, and at least not within a character. */
function pieces(paragraph: string): string[] {
  const parts: string[] = [];
  let rest = paragraph.trim();
  while (rest.length > LONGEST_PASSAGE) {
    const room = rest.slice(0, LONGEST_PASSAGE);
    const space = room.search(/\s\S*$/);
    const end = space > 0 ? space : LONGEST_PASSAGE - (/[\uD800-\uDBFF]$/.test(room) ? 1 : 0);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}
