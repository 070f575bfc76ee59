/** Before the first turn the script's place teaches the key. */
import './empty-state.css';
import { keyName } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { newConversation, shortcutText } from '../ui/shortcuts.ts';

export function EmptyState() {
  const services = useServices();
  const isPrivate = useWindow((state) => state.conversation.private);
  const host = useWindow((state) => state.app?.host);
  const platform = useWindow((state) => state.app?.platform);
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
        {!isPrivate && (
          <div className="empty-row">
            <dt>{words.privacy.name}</dt>
            <dd>
              <button
                type="button"
                className="link"
                title={shortcutText('Shift+N', host, platform)}
                onClick={() => newConversation(services, { isPrivate: true })}
              >
                {words.privacy.start}
              </button>{' '}
              {words.privacy.meaning}
            </dd>
          </div>
        )}
      </dl>
    </div>
  );
}
