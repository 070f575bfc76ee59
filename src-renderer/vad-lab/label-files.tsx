/** Labels to and from files: beside the recording, or any of the formats handed in and out. */
import { useState } from 'react';
import { labWords } from '../i18n/vad-lab-words.ts';
import { Select } from '../ui/select.tsx';
import { saveFile } from './hand-out.ts';
import { useLab } from './lab.ts';
import { NewsLines, useNews } from './news.tsx';

const { labels: told } = labWords;

type Format = keyof typeof told.formats;
const FORMATS = Object.keys(told.formats) as Format[];

export function LabelFiles({ recordingId, unsaved }: { recordingId: string; unsaved: boolean }) {
  const lab = useLab();
  const [format, setFormat] = useState<Format>('audacity');
  const { news, ask } = useNews();
  const hand = async () => {
    await lab.giveLabels(recordingId);
    const { bridge, sourceId } = lab;
    saveFile(await bridge.invoke('vadLab.writeLabels', { sourceId, recordingId, format }));
    return [];
  };
  return (
    <section className="label-files" aria-label={told.save}>
      <button
        type="button"
        className="button button-strong"
        disabled={!unsaved}
        onClick={() => void ask(async () => [told.savedTo(await lab.saveLabels(recordingId))])}
      >
        {told.save}
      </button>
      <div className="label-files-row">
        <label className="button">
          {told.import}
          <input
            className="visually-hidden"
            type="file"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              if (file) void ask(async () => lab.importLabels(recordingId, file.name, await file.text()));
              event.target.value = '';
            }}
          />
        </label>
        <button type="button" className="button" onClick={() => void ask(hand)}>
          {told.export}
        </button>
        <span className="label-files-format">
          <Select aria-label={told.format} values={FORMATS} names={told.formats} value={format} onChoose={setFormat} />
        </span>
      </div>
      <NewsLines news={news} />
    </section>
  );
}
