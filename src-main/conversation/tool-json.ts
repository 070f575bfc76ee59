/** What passes between a model and a function is text: the arguments it wrote, and what came of them. */
import { ToolError } from './tool.ts';

/** Longer results would crowd out the conversation; the model is told what was cut. */
const LONGEST_OUTPUT = 50_000;

/** Models write nothing or `null` where there are none, and some write JSON within JSON. @throws ToolError */
export function readArguments(text: string): unknown {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    throw new ToolError(`The arguments are not JSON: ${(thrown as Error).message}`);
  }
  return (typeof value === 'string' ? within(value) : value) ?? {};
}

/** @throws TypeError when JSON has no way to say it */
export function writeResult(result: unknown): string {
  if (result === undefined || result === null) return '';
  if (typeof result === 'string') return result;
  const text: string | undefined = JSON.stringify(result, plain);
  if (text === undefined) throw new TypeError(`JSON has no ${typeof result}`);
  return text;
}

/** Well-formed, also where it was cut. */
export function shortened(output: string): string {
  if (output.length <= LONGEST_OUTPUT) return output.toWellFormed();
  const kept = output.slice(0, LONGEST_OUTPUT).toWellFormed();
  return `${kept}\n[${output.length - LONGEST_OUTPUT} more characters were left out]`;
}

function within(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `JSON.stringify` would make nothing of some of these, an error of others, and of bytes a list of numbers. */
function plain(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const held = this[key];
  if (ArrayBuffer.isView(held) || held instanceof ArrayBuffer) return `[${held.byteLength} bytes]`;
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value instanceof Error ? String(value) : value;
}
