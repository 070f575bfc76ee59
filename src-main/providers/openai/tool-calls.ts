/**
 * Puts streamed function calls together. Servers differ: the name and the id come once or with every piece, the id anew
 * with each, the index may be missing or the same for all of them, and so may the id; whole completions carry them
 * complete.
 */
import { randomUUID } from 'node:crypto';
import type { ToolCall } from '../../speech/llm/llm.ts';
import { record } from './usage.ts';

interface Growing {
  callId: string;
  name: string;
  arguments: string;
}

export class ToolCallAssembly {
  readonly #calls: Growing[] = [];
  /** By index, the one that the next piece belongs to. */
  readonly #open = new Map<unknown, Growing>();

  /** @param chunk a chunk of a stream, or a whole completion */
  add(chunk: Readonly<Record<string, unknown>>): void {
    const choice = record(Array.isArray(chunk.choices) ? chunk.choices[0] : null);
    const pieces = record(choice.delta ?? choice.message).tool_calls;
    if (!Array.isArray(pieces)) return;
    for (const [position, piece] of pieces.entries()) {
      const { index = position, id, function: called } = record(piece);
      const { name, arguments: args } = record(called);
      const open = this.#open.get(index);
      const call = open && !isAnother(open, id, name, args) ? open : this.#begin(index);
      if (typeof id === 'string' && id !== '') call.callId = id;
      if (typeof name === 'string' && name !== '') call.name = name;
      // Some servers send arguments as the object they stand for.
      if (typeof args === 'string') call.arguments += args;
      else if (args) call.arguments = JSON.stringify(args);
    }
  }

  complete(): ToolCall[] {
    const taken = new Set<string>();
    return this.#calls
      .filter(({ name }) => name !== '')
      .map((call) => {
        // An output refers to one call.
        const callId = call.callId === '' || taken.has(call.callId) ? randomUUID() : call.callId;
        taken.add(callId);
        return { ...call, callId };
      });
  }

  #begin(index: unknown): Growing {
    const call: Growing = { callId: '', name: '', arguments: '' };
    this.#open.set(index, call);
    this.#calls.push(call);
    return call;
  }
}

/** A function named under another id, or after the arguments were complete, is another call, whatever its index. */
function isAnother(call: Growing, id: unknown, name: unknown, args: unknown): boolean {
  if (!name || !call.name) return false;
  return Boolean(id && call.callId && id !== call.callId) || Boolean(args && isComplete(call.arguments));
}

function isComplete(args: string): boolean {
  if (!args.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(args);
    return true;
  } catch {
    return false;
  }
}
