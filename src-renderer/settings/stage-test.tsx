/** Calls a stage's provider for real. */
import type { Stage } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { TestButton } from './test-button.tsx';

export function StageTest({ stage, label }: { stage: Stage; label: string }) {
  const { bridge } = useServices();
  return <TestButton name={words.stages[stage]} label={label} test={() => bridge.invoke('settings.test', { stage })} />;
}
