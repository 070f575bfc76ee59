/** What is to be read in a document: its text, in whatever encoding it was saved, without the marks of HTML. */

const BINARY = '\0';
const UNSEEN = /<!--.*?-->|<(script|style)\b.*?<\/\1\s*>/gis;
const BREAK = /<\/?(?:p|div|h[1-6]|li|tr|table|ul|ol|section|article|title|br|hr)\b[^>]*>/gi;
const TAG = /<[a-z/!][^>]*>/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** @returns an empty text where there is none */
export function plainText(bytes: Uint8Array): string {
  const text = decoded(bytes);
  return text.includes(BINARY) ? '' : text;
}

export function withoutMarkup(html: string): string {
  const text = html.replace(UNSEEN, '').replace(BREAK, '\n\n').replace(TAG, '');
  return text.replace(/&(?:#(\d{1,6})|(\w+));/g, (entity, code?: string, name?: string) =>
    code ? String.fromCodePoint(Number(code)) : (ENTITIES[name ?? ''] ?? entity),
  );
}

/** Windows saves text as UTF-16 with a mark, or in its old code page; whatever else is UTF-8. */
function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
