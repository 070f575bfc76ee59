/**
 * What belongs to a turn's words and what to its sound. What is not known here counts as words: content of a kind that
 * somebody adds later is erased until it is said to be harmless.
 */
import type { RedactionPart } from '../../../src-preload/contract.ts';

export interface ContentPlace {
  readonly name: string;
  /** Of the attempt that the content belongs to; null for other entries. */
  readonly stage: string | null;
  /** Whether it is a record that carries an error: providers quote in theirs what they were sent. */
  readonly hasError: boolean;
}

/** Evidence without words or sound: who, when, how long, how much. */
const EVIDENCE: ReadonlySet<string> = new Set([
  'session',
  'turn',
  'configuration',
  'in-force',
  'capture',
  'usage',
  'room-fault',
  'server-recording',
  'request.chunks',
  'response.chunks',
]);
/** The log about itself. */
const NEVER: ReadonlySet<string> = new Set(['redaction', 'recovery']);
const SOUND: ReadonlySet<string> = new Set(['user.audio', 'agent.audio', 'vad']);
const RECORDS_WITH_ERRORS: ReadonlySet<string> = new Set(['outcome', 'attempt']);

/** Whether redacting `part` of a turn erases this content. */
export function isErased({ name, stage, hasError }: ContentPlace, part: RedactionPart): boolean {
  if (NEVER.has(name) || EVIDENCE.has(name)) return false;
  if (RECORDS_WITH_ERRORS.has(name)) return hasError && part !== 'audio';
  return part === 'all' || isBoth(name, stage) || part === partOf(name, stage);
}

/** Whether deleting a session erases this content. */
export function isErasedWithSession(name: string): boolean {
  return !NEVER.has(name);
}

/** Over a realtime connection goes both, and a recogniser is told with the sound of a phrase what was said just before. */
function isBoth(name: string, stage: string | null): boolean {
  return stage === 'realtime' || (stage === 'stt' && name === 'request.body');
}

function partOf(name: string, stage: string | null): 'text' | 'audio' {
  if (SOUND.has(name)) return 'audio';
  if (name === 'response.body' && stage === 'tts') return 'audio';
  return 'text';
}
