/**
 * Puts streamed function calls together. Servers differ: the name and the id come once or with every piece, the index
 * may be missing, and whole completions carry them complete.
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
  readonly #calls = new Map<unknown, Growing>();

  /** @param chunk a chunk of a stream, or a whole completion */
  add(chunk: Readonly<Record<string, unknown>>): void {
    const choice = record(Array.isArray(chunk.choices) ? chunk.choices[0] : null);
    const pieces = record(choice.delta ?? choice.message).tool_calls;
    if (!Array.isArray(pieces)) return;
    for (const [position, piece] of pieces.entries()) {
      const { index = position, id, function: called } = record(piece);
      const { name, arguments: args } = record(called);
      const call = this.#calls.get(index) ?? { callId: '', name: '', arguments: '' };
      this.#calls.set(index, call);
      if (typeof id === 'string' && id !== '') call.callId = id;
      if (typeof name === 'string' && name !== '') call.name = name;
      // Some servers send arguments as the object they stand for.
      if (typeof args === 'string') call.arguments += args;
      else if (args) call.arguments = JSON.stringify(args);
    }
  }

  complete(): ToolCall[] {
    return [...this.#calls.values()]
      .filter(({ name }) => name !== '')
      .map((call) => ({ ...call, callId: call.callId || randomUUID() }));
  }
}
