/** Before the first turn the script's place teaches the key. */
import './empty-state.css';
import { keyName } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useWindow } from '../services.ts';

export function EmptyState() {
  const key = keyName(useWindow((state) => state.app?.settings.talk.key ?? 'Space'));
  return (
    <div className="empty">
      <p className="empty-lead">
        {words.empty.before} <kbd className="empty-key">{key}</kbd>, {words.empty.after}
      </p>
      <dl className="empty-rows">
        {Object.values(words.empty.rows).map(([what, does]) => (
          <div key={what} className="empty-row">
            <dt>{what}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
