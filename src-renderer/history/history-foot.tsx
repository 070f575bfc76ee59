/** What can be done from the list: with what is selected, with all that was found, else with the log. */
import type { ReactNode } from 'react';
import { words } from '../i18n/words.ts';
import { KeyHint } from '../ui/key-hint.tsx';

const { history: told } = words;

export interface HistoryFootProps {
  /** How many of what are selected. */
  readonly selected: { readonly count: number; readonly of: 'sessions' | 'turns' };
  /** Something was looked for and found. */
  readonly found: boolean;
  readonly verifying: boolean;
  readonly showsUsage: boolean;
  readonly onExport: () => void;
  readonly onDelete: () => void;
  readonly onSelectNone: () => void;
  readonly onVerify: () => void;
  readonly onUsage: () => void;
  readonly onKeys: () => void;
  readonly children: ReactNode;
}

export function HistoryFoot(props: HistoryFootProps) {
  const { selected, found, verifying, showsUsage, children } = props;
  const { onDelete, onExport, onKeys, onSelectNone, onUsage, onVerify } = props;
  return (
    <div className="history-foot">
      <p className="history-selected" role="status">
        {selected.count > 0 && told.selection[selected.of](selected.count)}
      </p>
      <div className="history-actions">
        {selected.count > 0 ? (
          <>
            <Action name={told.export.name} hint="E" onClick={onExport} />
            {selected.of === 'sessions' && (
              <Action name={told.erase.remove} hint="Del" keys="Delete" onClick={onDelete} />
            )}
            <Action name={told.selection.none} hint="Esc" keys="Escape" onClick={onSelectNone} />
          </>
        ) : (
          <>
            {found && <Action name={told.search.exportAll} onClick={onExport} />}
            <button type="button" className="button button-quiet" disabled={verifying} onClick={onVerify}>
              {told.verify.all}
            </button>
            <button type="button" className="button button-quiet" aria-pressed={showsUsage} onClick={onUsage}>
              {told.usage.title}
            </button>
            <Action name={told.keys.open} hint="?" onClick={onKeys} />
          </>
        )}
      </div>
      {children}
    </div>
  );
}

interface ActionProps {
  readonly name: string;
  readonly hint?: string;
  /** As `aria-keyshortcuts` names it, if not as the hint. */
  readonly keys?: string;
  readonly onClick: () => void;
}

function Action({ name, hint, keys = hint, onClick }: ActionProps) {
  return (
    <button type="button" className="button button-quiet" aria-keyshortcuts={keys} onClick={onClick}>
      {name}
      {hint && <KeyHint>{hint}</KeyHint>}
    </button>
  );
}
