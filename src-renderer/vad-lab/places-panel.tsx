/** Without labels: how far settings agree, and where it is worth listening. */
import { useState } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { KeyTable } from './key-table.tsx';
import { useLab, useLabState } from './lab.ts';
import type { Places } from './lab-state.ts';
import { findPlaces, goToPlace, labelPlace, OWN } from './places.ts';
import { PresetChecks } from './preset-checks.tsx';

const { places: told } = labWords;

export function PlacesPanel() {
  const lab = useLab();
  const places = useLabState((state) => state.places);
  const [against, setAgainst] = useState<readonly string[]>(['silero', 'livekit']);
  return (
    <>
      <p className="lab-note">{told.about}</p>
      <PresetChecks label={told.against} chosen={against} onChoose={setAgainst} />
      <button
        type="button"
        className="button button-strong"
        onClick={() => void findPlaces(lab, against).then(() => goToPlace(lab, 1))}
      >
        {told.find}
      </button>
      {places && <Found places={places} />}
      <KeyTable title={labWords.labels.keys} rows={told.keyRows} />
    </>
  );
}

function Found({ places: { found, index } }: { places: Places }) {
  const lab = useLab();
  const presets = useLabState((state) => state.presets);
  const nameOf = (id: string) =>
    id === OWN ? told.own : (presets.find((preset) => preset.id === id)?.preset.name ?? id);
  const place = index === null ? null : found.places[index];
  return (
    <>
      <div className="place" role="status">
        {found.places.length === 0 && <p>{told.none}</p>}
        {place && index !== null && (
          <>
            <p className="lab-heading">{told.of(index + 1, found.places.length)}</p>
            <p className="evidence">
              {labWords.fine(place.startMs)} – {labWords.fine(place.endMs)}
            </p>
            <p>{told.why[place.why]}</p>
            <p className="lab-quiet">{told.speechBy(place.speechBy.map(nameOf))}</p>
          </>
        )}
      </div>
      {found.places.length > 0 && (
        <div className="lab-actions">
          <button type="button" className="button" onClick={() => void goToPlace(lab, -1)}>
            {told.previous}
          </button>
          <button type="button" className="button" onClick={() => void goToPlace(lab, 1)}>
            {told.next}
          </button>
          <button type="button" className="button" disabled={!place} onClick={() => labelPlace(lab)}>
            {told.isSpeech}
          </button>
        </div>
      )}
      {found.agreements.length > 0 && (
        <>
          <h4 className="lab-heading">{told.agreement}</h4>
          <dl className="lab-figures">
            {found.agreements.map(({ a, b, kappa, share }) => (
              <div key={`${a} ${b}`}>
                <dt>
                  {nameOf(a)}, {nameOf(b)}
                </dt>
                <dd className="evidence">{told.share(share, kappa)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </>
  );
}
