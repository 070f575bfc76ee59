/** Taking conversations, turns or what a search finds away as a file: in which form, how far it is, and where it lies. */
import { useEffect, useRef, useState } from 'react';
import type { CommandOutput, ExportSelection, FaultView } from '../../src-preload/contract.ts';
import {
  EXPORT_FORMATS,
  EXPORT_TRACKS,
  type ExportFormat,
  type ExportTrack,
} from '../../src-preload/export-formats.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { DialogForm } from '../ui/dialog-form.tsx';
import { DraftChoice } from '../ui/draft-choice.tsx';
import { FaultNote } from '../ui/fault-note.tsx';

const { export: told } = words.history;

const SOUND: readonly ExportFormat[] = ['mp3', 'wav'];

interface ExportDialogProps {
  readonly selection: ExportSelection;
  readonly onClose: () => void;
}

export function ExportDialog({ selection, onClose }: ExportDialogProps) {
  const { bridge } = useServices();
  const [format, setFormat] = useState<ExportFormat>('mp3');
  const [track, setTrack] = useState<ExportTrack>('both');
  const [done, setDone] = useState<number | null>(null);
  const [written, setWritten] = useState<CommandOutput<'sessions.export'> | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  const running = useRef<string | null>(null);

  useEffect(() => {
    const stopListening = bridge.on('sessions.exporting', (news) => {
      if (news.exportId === running.current) setDone(news.done);
    });
    return () => {
      stopListening();
      if (running.current) void bridge.invoke('sessions.cancelExport', { exportId: running.current }).catch(() => {});
    };
  }, [bridge]);

  const start = async () => {
    const exportId = crypto.randomUUID();
    running.current = exportId;
    setDone(0);
    setFault(null);
    setWritten(null);
    try {
      setWritten(await bridge.invoke('sessions.export', { exportId, selection, format, track }));
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
    running.current = null;
    setDone(null);
  };

  return (
    <DialogForm
      title={titleOf(selection)}
      submit={told.start}
      busy={done !== null}
      cancel={done === null ? told.close : told.cancel}
      onSubmit={() => void start()}
      onClose={onClose}
    >
      <DraftChoice
        label={told.format}
        values={EXPORT_FORMATS}
        names={told.formats}
        value={format}
        onChoose={setFormat}
      />
      {SOUND.includes(format) && (
        <DraftChoice label={told.track} values={EXPORT_TRACKS} names={told.tracks} value={track} onChoose={setTrack} />
      )}
      <div role="status">
        {done !== null && <p className="dialog-news">{told.running(done)}</p>}
        {written && (
          <p className="dialog-news">
            {told.done} <span className="evidence">{written.path}</span>{' '}
            <a className="link" href={written.url} download>
              {told.save}
            </a>
          </p>
        )}
      </div>
      <FaultNote className="dialog-error" fault={fault} />
    </DialogForm>
  );
}

function titleOf(selection: ExportSelection): string {
  if ('search' in selection) return told.titles.search;
  return 'turnIds' in selection
    ? told.titles.turns(selection.turnIds.length)
    : told.titles.sessions(selection.sessionIds.length);
}
