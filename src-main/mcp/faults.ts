/** What goes wrong with a tool server, told to the user and to the model. */
import { Fault } from '../fault.ts';

/**
 * What an error of a connection means. `forgotten`: the server was started anew and does not know us. `refused`: it
 * answered with an error. `garbled`: with what the protocol does not know. `locked`: it wants to know who asks.
 */
export type Trouble = 'closed' | 'late' | 'forgotten' | 'refused' | 'garbled' | 'locked' | 'unreachable';

export const FLOODED = 'it sent more than 10 MiB in one message';
export const LOCKED = 'it wants to know who asks';
export const LOCKED_HINT = 'Give it what it asks for in its headers in the settings, such as Authorization: Bearer ….';
/** Some servers answer with a page. */
const LONGEST_REASON = 500;

export function callFault(code: string, message: string, hint: string, cause: unknown): Fault {
  return new Fault(code, message, { hint, stage: 'tool', cause });
}

export function startFault(name: string, thrown: unknown, trouble: Trouble, startMs: number): Fault {
  const missing = (thrown as NodeJS.ErrnoException | null)?.code === 'ENOENT';
  let reason = missing ? 'its command was not found' : reasonOf(thrown);
  if (trouble === 'late') reason = `it did not answer within ${startMs / 1000} s`;
  if (trouble === 'garbled') reason = `it ${reason}`;
  if (trouble === 'locked') reason = `${LOCKED} (${reason})`;
  return new Fault('mcp-not-started', `${name} could not be started: ${reason}`, {
    hint: startHint(missing, trouble),
    stage: 'tool',
    cause: thrown,
  });
}

function startHint(missing: boolean, trouble: Trouble): string {
  if (missing) return 'Install it, or mend its command in the settings; a full path always works.';
  return trouble === 'locked' ? LOCKED_HINT : 'Mend it or its settings; the next turn tries again.';
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
  const {
    message = String(thrown),
    code,
    cause,
  } = thrown as Partial<Error> & { code?: unknown; cause?: Partial<Error> };
  const said = message
    .replace(/^MCP error -?\d+: /, '')
    .replace(/^Streamable HTTP error: (Error POSTing to endpoint: )?/, Number(code) > 0 ? `HTTP ${code}: ` : '');
  const line = [said.trim(), cause?.message].filter(Boolean).join(': ').replace(/\s+/g, ' ');
  return line.slice(0, LONGEST_REASON).toWellFormed().replace(/:$/, '');
}

/** What in an answer is not as the protocol has it; null when that is not what is wrong. */
export function issueOf(thrown: unknown): string | null {
  const [issue] = (thrown as { issues?: { path: PropertyKey[]; message: string }[] } | null)?.issues ?? [];
  return issue ? `${issue.path.join('.')}: ${issue.message}` : null;
}
