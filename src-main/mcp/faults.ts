/** What goes wrong with a tool server, told to the user and to the model. */
import { Fault } from '../fault.ts';

/**
 * What an error of a connection means. `forgotten`: the server was started anew and does not know us. `refused`: it
 * answered with an error. `garbled`: with what the protocol does not know.
 */
export type Trouble = 'closed' | 'late' | 'forgotten' | 'refused' | 'garbled' | 'unreachable';

export function callFault(code: string, message: string, hint: string, cause: unknown): Fault {
  return new Fault(code, message, { hint, stage: 'tool', cause });
}

export function startFault(name: string, thrown: unknown, trouble: Trouble, startMs: number): Fault {
  const missing = (thrown as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  let reason = missing ? 'its command was not found' : reasonOf(thrown);
  if (trouble === 'late') reason = `it did not answer within ${startMs / 1000} s`;
  if (trouble === 'garbled') reason = `it ${reason}`;
  return new Fault('mcp-not-started', `${name} could not be started: ${reason}`, {
    hint: missing
      ? 'Install it, or mend its command in the settings; a full path always works.'
      : 'Mend it or its settings; the next turn tries again.',
    stage: 'tool',
    cause: thrown,
  });
}

/** @param ending as its connection has it */
export function endedFault(name: string, ending: string): Fault {
  return new Fault('mcp-ended', `${name} ${ending}`, {
    hint: 'It is started again when it is needed.',
    stage: 'tool',
  });
}

/** In one line, and with what is behind it: `fetch failed` alone says nothing. */
export function reasonOf(thrown: unknown): string {
  const issue = issueOf(thrown);
  if (issue !== null) return `answered with what is no result: ${issue}`;
  const { message = String(thrown), cause } = thrown as { message?: string; cause?: { message?: string } };
  return [message.replace(/^MCP error -?\d+: /, ''), cause?.message].filter(Boolean).join(': ');
}

/** What in an answer is not as the protocol has it; null when that is not what is wrong. */
export function issueOf(thrown: unknown): string | null {
  const [issue] = (thrown as { issues?: { path: PropertyKey[]; message: string }[] } | null)?.issues ?? [];
  return issue ? `${issue.path.join('.')}: ${issue.message}` : null;
}
