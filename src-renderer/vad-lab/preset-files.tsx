/** Presets of the user's own: kept under a name, taken from a file, handed out as one. */
import { useState } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { saveFile } from './hand-out.ts';
import { useLab, useLabState } from './lab.ts';
import { presetOf } from './preset-of.ts';

const { settings: told } = labWords;

export function PresetFiles() {
  const lab = useLab();
  const preset = useLabState(({ presetId, presets }) => presets.find(({ id }) => id === presetId));
  const [name, setName] = useState<string | null>(null);
  const [news, setNews] = useState('');

  const keep = (id: string | null, as: string) =>
    lab.attempt(async () => {
      const saved = await lab.bridge.invoke('vadLab.savePreset', { id, preset: presetOf(lab.store.getState(), as) });
      await lab.readPresets();
      lab.choosePreset(saved.id);
      setName(null);
      setNews(told.saved(saved.preset.name));
    });
  const take = (file: File) =>
    lab.attempt(async () => {
      const imported = await lab.bridge.invoke('vadLab.importPreset', { text: await file.text() });
      await lab.readPresets();
      lab.choosePreset(imported.id);
      setNews(told.saved(imported.preset.name));
    });
  const remove = (id: string) =>
    lab.attempt(async () => {
      await lab.bridge.invoke('vadLab.deletePreset', { id });
      lab.store.setState({ presetId: null });
      await lab.readPresets();
      setNews('');
    });

  return (
    <section className="preset-files" aria-label={told.preset}>
      {name === null ? (
        <div className="lab-actions">
          <button
            type="button"
            className="button"
            onClick={() => setName(preset?.kind === 'own' ? preset.preset.name : told.newName)}
          >
            {told.save}
          </button>
          <label className="button">
            {told.import}
            <input
              className="visually-hidden"
              type="file"
              accept=".json,application/json"
              onChange={(event) => {
                const [file] = event.target.files ?? [];
                if (file) void take(file);
                event.target.value = '';
              }}
            />
          </label>
          {preset && (
            <button
              type="button"
              className="button"
              onClick={() =>
                void lab.attempt(async () =>
                  saveFile(await lab.bridge.invoke('vadLab.exportPreset', { id: preset.id })),
                )
              }
            >
              {told.export}
            </button>
          )}
          {preset?.kind === 'own' && (
            <button type="button" className="button" onClick={() => void remove(preset.id)}>
              {told.remove}
            </button>
          )}
        </div>
      ) : (
        <form
          className="preset-name"
          onSubmit={(event) => {
            event.preventDefault();
            const same = preset?.kind === 'own' && preset.preset.name === name.trim() ? preset.id : null;
            if (name.trim() !== '') void keep(same, name.trim());
          }}
        >
          <label className="lab-field">
            <span>{told.name}</span>
            <input
              className="input"
              type="text"
              maxLength={100}
              // biome-ignore lint/a11y/noAutofocus: the button that asked for the name has just given way to it
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && setName(null)}
            />
          </label>
          <div className="lab-actions">
            <button type="submit" className="button button-strong">
              {told.keep}
            </button>
            <button type="button" className="button" onClick={() => setName(null)}>
              {told.cancel}
            </button>
          </div>
        </form>
      )}
      <p className="lab-news" role="status">
        {news}
      </p>
    </section>
  );
}
