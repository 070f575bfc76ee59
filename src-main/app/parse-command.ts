/** A command as a host brought it: known, and with input that fits; else a fault in words that a person can act on. */
import type { z } from 'zod';
import { type CommandName, commands } from '../../src-preload/contract.ts';
import { Fault } from '../fault.ts';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** @throws Fault */
export function parseCommand(name: string, input: unknown): { command: CommandName; parsed: unknown } {
  if (!Object.hasOwn(commands, name)) {
    throw new Fault('command-unknown', `There is no command ${JSON.stringify(name)}`, {
      hint: 'Reload the window: it may be older than the core.',
    });
  }
  const command = name as CommandName;
  const result = commands[command].input.safeParse(input, { error: mistakeIn });
  if (result.success) return { command, parsed: result.data };
  const { issues } = result.error;
  const [only] = issues;
  // A setting is refused beside its field, which names it already.
  const message =
    command === 'settings.update' && issues.length === 1 && only
      ? only.message.charAt(0).toUpperCase() + only.message.slice(1)
      : `${command}: ${issues.map(({ path, message }) => `${path.join('.') || 'its input'} ${message}`).join('; ')}`;
  throw new Fault('input-invalid', message, { hint: 'Correct the value and try again.' });
}

/** What is wrong, to be read after the value's name; where the schema has its own words, those are used. */
function mistakeIn(issue: Issue): string {
  if (issue.code === 'too_big') return tooBig(issue);
  if (issue.code === 'too_small') return tooSmall(issue);
  if (issue.code === 'invalid_type') return issue.expected === 'int' ? 'must be a whole number' : expected(issue);
  if (issue.code === 'unrecognized_keys') return `has unknown parts: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  return 'can not be used';
}

function tooBig({ origin, maximum }: Issue & { code: 'too_big' }): string {
  if (origin === 'string') return `must have at most ${maximum} characters`;
  return origin === 'array' ? `must have at most ${maximum} entries` : `must be at most ${maximum}`;
}

function tooSmall({ origin, minimum }: Issue & { code: 'too_small' }): string {
  if (origin !== 'string') return origin === 'array' ? 'must have entries' : `must be at least ${minimum}`;
  return minimum === 1 ? 'must not be empty' : `must have at least ${minimum} characters`;
}

function expected(issue: Issue & { code: 'invalid_type' }): string {
  return issue.input === undefined ? 'is missing' : `must be a ${issue.expected}`;
}
