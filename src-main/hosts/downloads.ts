/** What the core has for the window to load: recordings to be played, and exported files to be downloaded. */
import { extname } from 'node:path';
import { TRACKS, type Track } from '../../src-preload/contract.ts';
import type { App } from '../app.ts';
import { type FileRequest, fileResponse } from './file-response.ts';

const RECORDING = /^\/recordings\/([^/]+)\/([^/]+)\.wav$/;
const EXPORT = /^\/exports\/([^/]+)$/;
const LAB = /^\/vad-lab\/([^/]+)\/([^/]+)\/([^/]+)$/;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
  '.md': 'text/markdown; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.vtt': 'text/vtt; charset=utf-8',
  '.zip': 'application/zip',
};

/** @returns null when the path is none of ours. */
function parseRecordingPath(pathname: string): { turnId: string; track: Track } | null {
  const match = RECORDING.exec(pathname);
  const track = TRACKS.find((name) => name === match?.[2]);
  if (!match?.[1] || !track) return null;
  try {
    return { turnId: decodeURIComponent(match[1]), track };
  } catch {
    return null;
  }
}

/** The answer to a request for one of them. @returns null when there is no such file. */
export async function downloadResponse(
  app: App,
  { pathname, ...request }: FileRequest & { readonly pathname: string },
): Promise<Response | null> {
  const recording = parseRecordingPath(pathname);
  if (recording) {
    const path = app.recording(recording.turnId, recording.track);
    return path === null ? null : fileResponse(path, request, { 'content-type': 'audio/wav' });
  }
  // Our names need no decoding.
  const [, sourceId, recordingId, labName] = LAB.exec(pathname) ?? [];
  if (sourceId && recordingId && labName) {
    const path = await app.labFile(sourceId, recordingId, labName);
    const type = TYPES[extname(labName)] ?? 'application/octet-stream';
    return path === null ? null : fileResponse(path, request, { 'content-type': type });
  }
  const name = EXPORT.exec(pathname)?.[1];
  const path = name === undefined ? null : app.exported(name);
  if (!name || !path) return null;
  return fileResponse(path, request, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
  });
}
