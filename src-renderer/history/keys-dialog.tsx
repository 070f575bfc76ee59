/** Which key does what in History. */
import './keys-dialog.css';
import { words } from '../i18n/words.ts';
import { Dialog } from '../ui/dialog.tsx';

const { keys: told } = words.history;

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={told.title} className="keys-dialog" onClose={onClose}>
      <div className="keys-all">
        {told.groups.map(({ keys, name }) => (
          <section key={name} className="keys" aria-label={name}>
            <h4 className="keys-group">{name}</h4>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key} className="keys-row">
                  <dt>
                    <kbd className="key-cap">{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {told.close}
        </button>
      </p>
    </Dialog>
  );
}
