/** The formats that are text: each makes its file piece by piece. */
import type { FileHandle } from 'node:fs/promises';
import type { ExportFormat } from '../../../src-preload/export-formats.ts';
import { csv } from './csv-export.ts';
import type { Exported } from './exported.ts';
import { jsonDocument, jsonLines } from './json-export.ts';
import { markdown } from './markdown-export.ts';
import { webvtt } from './webvtt-export.ts';

export type TextFormat = Exclude<ExportFormat, 'mp3' | 'wav' | 'zip'>;

export const TEXT_FORMATS: Readonly<Record<TextFormat, (exported: Exported) => Generator<string, void>>> = {
  json: jsonDocument,
  jsonl: jsonLines,
  md: markdown,
  csv,
  vtt: webvtt,
};

/** @throws the signal's reason */
export async function writeText(
  file: FileHandle,
  pieces: Iterable<string>,
  { count, progress, signal }: { count: number; progress(done: number): void; signal: AbortSignal },
): Promise<void> {
  let written = 0;
  for (const piece of pieces) {
    signal.throwIfAborted();
    await file.appendFile(piece);
    written += 1;
    progress(Math.min(1, written / Math.max(1, count)));
  }
}
