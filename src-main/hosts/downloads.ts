/** What the core has for the window to load: recordings to be played, and exported files to be downloaded. */
import { TRACKS, type Track } from '../../src-preload/contract.ts';
import type { App } from '../app.ts';
import { toFault } from '../fault.ts';
import { type FileRequest, fileResponse } from './file-response.ts';

const RECORDING = /^\/recordings\/([^/]+)\/([^/]+)\.wav$/;
const EXPORT = /^\/exports\/([^/]+)$/;
const LAB = /^\/vad-lab\/([^/]+)\/([^/]+)\/([^/]+)$/;

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
    return path === null ? null : fileResponse(path, request);
  }
  const [, sourceId, recordingId, labName] = LAB.exec(pathname) ?? [];
  if (sourceId && recordingId && labName) return labResponse(app, [sourceId, recordingId, labName], request);
  // Our names need no decoding.
  const name = EXPORT.exec(pathname)?.[1];
  const path = name === undefined ? null : app.exported(name);
  if (!name || !path) return null;
  return fileResponse(path, request, {
    'content-disposition': `attachment; filename="${name}"`,
  });
}

/** A file that may have to be written first: why it can't be is said. */
async function labResponse(
  app: App,
  [sourceId, recordingId, name]: readonly [string, string, string],
  request: FileRequest,
): Promise<Response | null> {
  try {
    const path = await app.labFile(sourceId, recordingId, name);
    return path === null ? null : fileResponse(path, request);
  } catch (thrown) {
    return new Response(toFault(thrown).message, {
      status: 500,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  }
}
