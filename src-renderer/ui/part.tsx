/** A part of the window that is loaded when it is first shown. Where that fails, it says so in its place. */
import { type ComponentType, lazy } from 'react';
import { words } from '../i18n/words.ts';
import { FaultNote } from './fault-note.tsx';

export function part<Props>(load: () => Promise<ComponentType<Props>>) {
  return lazy(() =>
    load().then(
      (component) => ({ default: component }),
      () => ({ default: NotLoaded as ComponentType<Props> }),
    ),
  );
}

function NotLoaded() {
  return <FaultNote fault={words.notLoaded} />;
}
