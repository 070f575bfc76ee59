/** Where recordings come from: files, a folder, a path, conversations of the log. Also what is shown while they are read. */
import './open-source.css';
import { useEffect, useId, useState } from 'react';
import type { SessionView } from '../../src-preload/contract.ts';
import { formatMoment } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { BackIcon } from '../ui/icons.tsx';
import { PaneRow } from '../ui/panes.tsx';
import { Failures } from './failures.tsx';
import { useLab, useLabState } from './lab.ts';
import { startListening } from './listening.ts';

const { open } = labWords;
const SESSIONS = 6;

export function OpenSource({ onBack }: { onBack: (() => void) | null }) {
  const opening = useLabState((state) => state.opening);
  return <div className="open-source">{opening ? <Opening {...opening} /> : <Choices onBack={onBack} />}</div>;
}

function Opening({ done, of }: { done: number; of: number }) {
  const lab = useLab();
  return (
    <div className="open-source-content">
      <p role="status">{open.reading(done, of)}</p>
      <progress
        className="open-source-progress"
        aria-label={open.reading(done, of)}
        value={done}
        max={Math.max(1, of)}
      />
      <button type="button" className="button" onClick={() => lab.opening.cancel()}>
        {open.cancel}
      </button>
    </div>
  );
}

function Choices({ onBack }: { onBack: (() => void) | null }) {
  const lab = useLab();
  const [path, setPath] = useState('');
  const pathId = useId();
  return (
    <div className="open-source-content">
      {onBack && (
        <button type="button" className="button button-quiet open-source-back" onClick={onBack}>
          <BackIcon />
          {open.back}
        </button>
      )}
      <Failures />
      <h3 className="open-source-title">{open.title}</h3>
      <p className="open-source-about">{open.about}</p>
      <div className="open-source-files">
        <FileButton directory={false}>{open.files}</FileButton>
        <FileButton directory>{open.folder}</FileButton>
        <button type="button" className="button" onClick={() => lab.replace(() => startListening(lab))}>
          {open.microphone}
        </button>
      </div>
      <p className="open-source-hint">{open.filesHint}</p>
      <form
        className="open-source-path"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '') lab.replace(() => lab.opening.open({ kind: 'files', paths: [path.trim()] }));
        }}
      >
        <label htmlFor={pathId}>{open.path}</label>
        <div className="open-source-row">
          <input
            id={pathId}
            className="input"
            type="text"
            spellCheck={false}
            autoComplete="off"
            aria-describedby={`${pathId}-hint`}
            value={path}
            onChange={(event) => setPath(event.target.value)}
          />
          <button type="submit" className="button">
            {open.openPath}
          </button>
        </div>
        <p id={`${pathId}-hint`} className="open-source-hint">
          {open.pathHint}
        </p>
      </form>
      <Sessions />
    </div>
  );
}

function FileButton({ children, directory }: { children: string; directory: boolean }) {
  const lab = useLab();
  return (
    <label className="button">
      {children}
      <input
        className="visually-hidden"
        type="file"
        multiple
        {...(directory ? { webkitdirectory: '' } : {})}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])];
          event.target.value = '';
          if (files.length > 0) lab.replace(() => lab.opening.open({ kind: 'given', files }));
        }}
      />
    </label>
  );
}

function Sessions() {
  const lab = useLab();
  const [sessions, setSessions] = useState<readonly SessionView[] | null>(null);
  useEffect(() => {
    void lab.attempt(async () =>
      setSessions(await lab.bridge.invoke('sessions.list', { before: null, limit: SESSIONS })),
    );
  }, [lab]);
  if (!sessions) return null;
  return (
    <section className="open-source-sessions" aria-label={open.turns}>
      <h4 className="open-source-heading">{open.turns}</h4>
      {sessions.length === 0 && <p className="open-source-hint">{open.noTurns}</p>}
      <ul>
        {sessions.map(({ id, startedAt, title }) => (
          <li key={id}>
            <PaneRow
              title={title}
              facts={formatMoment(startedAt)}
              chosen={false}
              onChoose={() => lab.replace(() => lab.opening.open({ kind: 'session', sessionId: id }))}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
