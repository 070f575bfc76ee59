/**
 * Turns as a table, one row for each turn, by RFC 4180. Spreadsheets run what looks like a formula: such a cell
 * gets an apostrophe before it (OWASP, "CSV Injection").
 */
import type { TurnView } from '../../../src-preload/contract.ts';
import { stepLine } from '../reading/step-line.ts';
import type { Exported, ExportedTurn, PlacedFault } from './exported.ts';

type Cell = string | number | null;

/** Column by column: its name and what stands in it. */
const COLUMNS: readonly (readonly [name: string, cell: (turn: ExportedTurn) => Cell])[] = [
  ['session_id', ({ view }) => view.sessionId],
  ['turn_id', ({ view }) => view.id],
  ['started_at', ({ view }) => new Date(view.startedAt).toISOString()],
  ['timeline_start_ms', ({ place }) => Math.round(place.startMs)],
  ['timeline_end_ms', ({ place }) => Math.round(place.endMs)],
  ['agent', ({ view }) => view.agentId],
  ['source', ({ view }) => view.source],
  ['retry_of', ({ view }) => view.retryOf],
  ['outcome', ({ view }) => view.outcome],
  ['speaker', ({ view }) => view.speaker?.name ?? null],
  ['speaker_identity', ({ view }) => view.speaker?.identity ?? null],
  ['user', ({ view }) => view.user.committed],
  ['steps', ({ view }) => view.steps.map(stepText).join('\n')],
  ['reply', ({ view }) => view.reply.text],
  ['heard', ({ view }) => view.reply.text.slice(0, view.reply.heardLength)],
  ['user_audio_ms', ({ view }) => view.user.audioMs],
  ['reply_audio_ms', ({ view }) => view.reply.audioMs],
  ['heard_audio_ms', ({ view }) => view.reply.heardMs],
  ['stt', ({ view }) => view.models.stt],
  ['llm', ({ view }) => view.models.llm],
  ['tts', ({ view }) => view.models.tts],
  ['release_to_transcript_ms', ({ view }) => view.timings?.releaseToTranscriptMs ?? null],
  ['release_to_first_token_ms', ({ view }) => view.timings?.releaseToFirstTokenMs ?? null],
  ['release_to_first_audio_ms', ({ view }) => view.timings?.releaseToFirstAudioMs ?? null],
  ['total_ms', ({ view }) => view.timings?.totalMs ?? null],
  ['input_tokens', ({ view }) => sum(view.usage, 'inputTokens')],
  ['cached_input_tokens', ({ view }) => sum(view.usage, 'cachedInputTokens')],
  ['output_tokens', ({ view }) => sum(view.usage, 'outputTokens')],
  ['reasoning_tokens', ({ view }) => sum(view.usage, 'reasoningTokens')],
  ['cost_usd', ({ view }) => view.cost],
  ['redacted', ({ view }) => view.redactions.map(({ part }) => part).join(' ')],
  ['error_stage', ({ view }) => view.error?.stage ?? null],
  ['error_code', ({ view }) => view.error?.code ?? null],
  ['error', ({ view }) => view.error?.message ?? null],
  ['fault_codes', ({ faults }) => faults.map(({ code }) => code).join(' ')],
  ['faults', ({ faults }) => faults.map(faultText).join('\n')],
];

export function* csv({ sessions, anchor }: Exported): Generator<string, void> {
  const proof = anchor ? `${anchor.log} ${anchor.seq} ${anchor.head}` : null;
  yield line([...COLUMNS.map(([name]) => name), 'anchor']);
  for (const { turns } of sessions()) {
    for (const turn of turns) yield line([...COLUMNS.map(([, cell]) => cell(turn)), proof]);
  }
}

function stepText(step: TurnView['steps'][number]): string {
  const { label, text } = stepLine(step);
  return `${label} ${text}`;
}

function faultText({ at, message }: PlacedFault): string {
  return `${new Date(at).toISOString()} ${message}`;
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(encodeCell).join(',')}\r\n`;
}

function encodeCell(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  const text = cell ?? '';
  const guarded = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** null when no request told it. */
function sum(
  usage: TurnView['usage'],
  field: 'inputTokens' | 'cachedInputTokens' | 'outputTokens' | 'reasoningTokens',
) {
  const told = usage.flatMap((one) => one[field] ?? []);
  return told.length === 0 ? null : told.reduce((total, value) => total + value, 0);
}
