/** A report to share: a page with pictures, and the same figures as JSON. */
import { useState } from 'react';
import type { CommandOutput } from '../../src-preload/contract.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLab, useLabState } from './lab.ts';
import { presetOf } from './preset-of.ts';

const { settings: told } = labWords;

export function Report() {
  const lab = useLab();
  const tuningId = useLabState((state) => state.tuning?.id ?? null);
  const [report, setReport] = useState<CommandOutput<'vadLab.report'> | null>(null);
  const make = () =>
    lab.attempt(async () => {
      const { bridge, sourceId, store } = lab;
      const state = store.getState();
      const about = { preset: presetOf(state), tuningId, cost: state.cost };
      setReport(await bridge.invoke('vadLab.report', { sourceId, ...about }));
    });
  return (
    <section className="lab-report" aria-label={told.report}>
      <button type="button" className="button" onClick={() => void make()}>
        {told.report}
      </button>
      <p className="lab-news" role="status">
        {report && (
          <>
            {told.reportReady}{' '}
            <a className="link" href={report.pageUrl} download>
              {told.reportPage}
            </a>{' '}
            <a className="link" href={report.jsonUrl} download>
              {told.reportJson}
            </a>
          </>
        )}
      </p>
    </section>
  );
}
