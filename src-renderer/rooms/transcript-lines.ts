/**
 * What was said in a room, line by line, from text streams. A recogniser sends each interim result as a stream of its
 * own under one segment, every one the whole of what is known; an agent writes its reply as one stream that grows. So
 * the newest stream of a segment is what the segment says.
 */

export interface RoomLine {
  /** Of the segment. */
  readonly id: string;
  /** Whose words they are. */
  readonly identity: string;
  /** As they were called when they spoke: they may have left since. */
  readonly name: string;
  readonly text: string;
  /** The words will not change any more. */
  readonly final: boolean;
  readonly typed: boolean;
  /** When the first words came, in milliseconds since the epoch. */
  readonly at: number;
  /** Which of the segment's streams the words come from; later ones have higher numbers. */
  readonly stream: number;
}

/** What is kept on the screen; the log keeps everything. */
const MAX_LINES = 1_000;
const MAX_CHARACTERS = 100_000;

/** @param news the line as one of its streams tells it so far */
export function withLine(lines: readonly RoomLine[], news: RoomLine): readonly RoomLine[] {
  const line = { ...news, text: news.text.slice(0, MAX_CHARACTERS) };
  const index = lines.findLastIndex(({ id, identity }) => id === line.id && identity === line.identity);
  const before = lines[index];
  if (!before) return line.text === '' ? lines : [...lines, line].slice(-MAX_LINES);
  const outdated = line.stream < before.stream;
  const empty = line.text === '' && line.stream > before.stream;
  return outdated || empty ? lines : lines.with(index, { ...line, at: before.at });
}
