/** Whose window this is: the mark and the name, as the page's heading. */
import './product-name.css';
import { words } from '../i18n/words.ts';
import { MarkIcon } from './icons.tsx';

export function ProductName() {
  return (
    <h1 className="product-name">
      <MarkIcon />
      <span className="product-name-text">{words.name}</span>
    </h1>
  );
}
