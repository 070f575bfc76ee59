/** Label files beside their recordings: found by name, told apart by extension. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Fault } from '../../fault.ts';
import { audacity } from './audacity.ts';
import { type Label, LabelError, type LabelFormat } from './label.ts';
import { rttm } from './rttm.ts';
import { scv } from './scv.ts';
import { textGrid } from './textgrid.ts';
import { webvtt } from './webvtt.ts';

/** In the order in which they are looked for. */
export const LABEL_FORMATS = { audacity, rttm, textgrid: textGrid, webvtt, scv } as const satisfies Record<
  string,
  LabelFormat
>;
export type LabelFormatName = keyof typeof LABEL_FORMATS;

export interface LabelFile {
  readonly path: string;
  readonly labels: readonly Label[];
}

/**
 * The labels of a recording, from the file of the same name beside it.
 * @returns null when there is none
 * @throws Fault `labels-broken`, `labels-unreadable`
 */
export async function readLabelsOf(recordingPath: string): Promise<LabelFile | null> {
  const recording = nameOf(recordingPath);
  for (const format of Object.values(LABEL_FORMATS)) {
    const path = join(dirname(recordingPath), recording + format.extension);
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null;
      throw new Fault('labels-unreadable', `${path} can't be read: ${cause.message}`, {
        hint: 'Check that it is a file and that you may read it',
        cause,
      });
    });
    if (bytes) return { path, labels: parse(path, format, decodeText(bytes), recording) };
  }
  return null;
}

/** @returns where they were written. @throws Fault `labels-not-written` */
export async function writeLabels(
  folder: string,
  recordingPath: string,
  formatName: LabelFormatName,
  labels: readonly Label[],
  durationMs: number,
): Promise<string> {
  const format = LABEL_FORMATS[formatName];
  const recording = nameOf(recordingPath);
  const path = join(folder, recording + format.extension);
  const fresh = `${path}.${process.pid}.new`;
  try {
    await writeFile(fresh, format.write(labels, recording, durationMs));
    await rename(fresh, path);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => {});
    throw new Fault('labels-not-written', `${path} can't be written: ${(cause as Error).message}`, {
      hint: 'Choose a folder that can be written',
      cause,
    });
  }
  return path;
}

/** The labels as a file would hold them. */
export function labelText(
  recordingPath: string,
  formatName: LabelFormatName,
  labels: readonly Label[],
  durationMs: number,
): { readonly name: string; readonly text: string } {
  const format = LABEL_FORMATS[formatName];
  const recording = nameOf(recordingPath);
  return { name: recording + format.extension, text: format.write(labels, recording, durationMs) };
}

/** @param path of a label file, whose extension tells its format. @throws Fault `labels-unknown`, `labels-broken` */
export function parseLabels(path: string, text: string, recordingPath: string): Label[] {
  const format = formatOf(path);
  if (format) return parse(path, LABEL_FORMATS[format], text, nameOf(recordingPath));
  throw new Fault('labels-unknown', `${path} is no file of labels of a kind we know`, {
    hint: 'Give Audacity text (.txt), .rttm, .TextGrid, .vtt or .scv',
  });
}

/** @returns the format that the extension of a label file tells; null when it is none of ours */
export function formatOf(path: string): LabelFormatName | null {
  const extension = extname(path).toLowerCase();
  const found = Object.entries(LABEL_FORMATS).find(([, format]) => format.extension.toLowerCase() === extension);
  return (found?.[0] ?? null) as LabelFormatName | null;
}

function nameOf(recordingPath: string): string {
  return basename(recordingPath, extname(recordingPath));
}

function parse(path: string, format: LabelFormat, text: string, recording: string): Label[] {
  try {
    return format.read(text, recording);
  } catch (thrown) {
    if (!(thrown instanceof LabelError)) throw thrown;
    throw new Fault('labels-broken', `${path}:${thrown.line}: ${thrown.message}`, {
      hint: 'Mend that line, or move the file away',
      cause: thrown,
    });
  }
}

/** Praat writes UTF-16 when it has to. */
function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes.toString('utf8');
}
