/** What could not be opened, and what to do about it; the rest is open all the same. */
import { sentence } from '../i18n/format.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { useLabState } from './lab.ts';

const { list } = labWords;

export function Failures() {
  const failures = useLabState((state) => state.source?.failures);
  if (!failures || failures.length === 0) return null;
  return (
    <section className="lab-failures" aria-label={list.failures}>
      <h3 className="panes-heading">{list.failures}</h3>
      {failures.map(({ error, name }) => (
        <p key={name}>
          <span className="lab-failure-name">{name}</span> {sentence(error.message)} {sentence(error.hint)}
        </p>
      ))}
    </section>
  );
}
