/** A program's environment as people write it: one NAME=value a line. */
import { CommandError } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';

/** @throws CommandError for a line that is none */
export function splitEnvironment(lines: string): Record<string, string> {
  const pairs = lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const equals = line.indexOf('=');
      if (equals < 1) throw wrongLine(line);
      return [line.slice(0, equals).trim(), line.slice(equals + 1)] as const;
    });
  return Object.fromEntries(pairs);
}

export function joinEnvironment(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

function wrongLine(line: string): CommandError {
  const message = words.toolServers.environmentWrong(line);
  return new CommandError({ stage: null, code: 'environment-invalid', message, hint: '' });
}
