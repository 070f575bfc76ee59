/** VAD Lab: recordings, what voice detection hears in them, and the settings that make segments of it. */
import './vad-lab-screen.css';
import { useEffect, useRef, useState } from 'react';
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { CloseIcon } from '../ui/icons.tsx';
import { Announcer } from './announcer.tsx';
import { Inspector } from './inspector.tsx';
import { attachKeys } from './keys.ts';
import { LabContext, labOf, useLab, useLabState } from './lab.ts';
import { chosenRecording } from './lab-state.ts';
import { stopListening } from './listening.ts';
import { OpenSource } from './open-source.tsx';
import { RecordingList } from './recording-list.tsx';
import { RecordingNotes } from './recording-notes.tsx';
import { Summary } from './summary.tsx';
import { Timeline } from './timeline.tsx';
import { TransportBar } from './transport-bar.tsx';
import { UnsavedLabels } from './unsaved-labels.tsx';

export function VadLabScreen() {
  const services = useServices();
  const lab = labOf(services);
  const turnId = useWindow((state) => state.labTurnId);
  useEffect(() => {
    if (turnId === null) return;
    services.store.setState({ labTurnId: null });
    lab.replace(() => lab.opening.open({ kind: 'turns', turnIds: [turnId] }));
  }, [lab, services, turnId]);
  useEffect(() => attachKeys(lab), [lab]);
  // The microphone is live only where that is seen.
  useEffect(() => () => void stopListening(lab), [lab]);
  return (
    <LabContext value={lab}>
      <Frame />
    </LabContext>
  );
}

function Frame() {
  const opening = useLabState((state) => state.opening);
  const source = useLabState((state) => state.source);
  const name = useLabState((state) => chosenRecording(state)?.name ?? '');
  const [choosing, setChoosing] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: something else was opened
  useEffect(() => setChoosing(false), [source]);
  const usable = source !== null && source.recordings.length > 0;
  const showing = usable && !choosing && !opening;
  const work = useRef<HTMLElement>(null);
  // What was opened is where the keys go.
  useEffect(() => {
    if (showing) work.current?.focus();
  }, [showing]);
  return (
    <div className="lab" data-open={showing}>
      <h2 className="visually-hidden">{labWords.title}</h2>
      <LabFault />
      <UnsavedLabels />
      {showing ? (
        <>
          <RecordingList onOther={() => setChoosing(true)} />
          <section ref={work} className="lab-work" tabIndex={-1} aria-label={labWords.rows.name}>
            <h3 className="visually-hidden">{name}</h3>
            <TransportBar />
            <RecordingNotes />
            <Timeline />
            <Summary />
            <Announcer />
          </section>
          <Inspector />
        </>
      ) : (
        <OpenSource onBack={usable && !opening ? () => setChoosing(false) : null} />
      )}
    </div>
  );
}

function LabFault() {
  const { store } = useLab();
  const fault = useLabState((state) => state.fault);
  return (
    <div className="lab-fault" role="status">
      {fault && (
        <>
          <p>
            <strong>{sentence(fault.message)}</strong> {sentence(fault.hint)}
          </p>
          <button
            type="button"
            className="button button-quiet"
            aria-label={words.dismiss}
            onClick={() => store.setState({ fault: null })}
          >
            <CloseIcon />
          </button>
        </>
      )}
    </div>
  );
}
