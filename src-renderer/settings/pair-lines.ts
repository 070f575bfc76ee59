/** Names and values as people write them, one pair a line: a program's environment, a request's headers. */
import { CommandError } from '../bridge/command-error.ts';

export interface PairLines {
  /** Between name and value. */
  readonly separator: '=' | ': ';
  /** What is wrong with a line that is no pair. */
  wrong(line: string): string;
}

/** @throws CommandError for a line that is none */
export function splitPairs(lines: string, { separator, wrong }: PairLines): Record<string, string> {
  const mark = separator.trim();
  const pairs = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const at = line.indexOf(mark);
      if (at < 1) throw new CommandError({ stage: null, code: 'line-invalid', message: wrong(line), hint: '' });
      const value = line.slice(at + mark.length);
      return [line.slice(0, at).trim(), mark === separator ? value : value.trim()] as const;
    });
  return Object.fromEntries(pairs);
}

export function joinPairs(pairs: Readonly<Record<string, string>>, { separator }: PairLines): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}${separator}${value}`)
    .join('\n');
}
