/** The key that does the same as the button it stands in; screen readers are told by `aria-keyshortcuts`. */
import './key-hint.css';

export function KeyHint({ children }: { children: string }) {
  return (
    <span className="key-hint" aria-hidden="true">
      {children}
    </span>
  );
}
