/** What the server of a session's room recorded of it, and where that file is. */
import type { ServerRecordingView } from '../../src-preload/contract.ts';
import { formatBytes, formatClock, sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';

const told = words.history.serverRecording;

export function ServerRecordings({ recordings }: { readonly recordings: readonly ServerRecordingView[] }) {
  return recordings.map(({ egressId, status, files, error }) => (
    <p key={egressId} className="session-facts session-recording evidence" title={egressId}>
      {told.statuses[status]}
      {files.map(({ name, location, durationMs, bytes }) => (
        <span key={name} title={location}>
          {' '}
          · {name} · {formatClock(durationMs)} · {formatBytes(bytes)}
        </span>
      ))}
      {error && ` · ${sentence(error)}`}
    </p>
  ));
}
