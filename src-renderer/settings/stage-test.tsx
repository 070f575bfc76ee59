/** Calls a stage's provider for real. */
import type { AppView } from '../../src-preload/contract.ts';
import type { Stage } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { TestButton } from './test-button.tsx';

export function StageTest({ app: { settings, stages }, stage }: { app: AppView; stage: Stage }) {
  const { bridge } = useServices();
  const { baseUrl, key, label } = stages[stage];
  return (
    <TestButton
      name={words.stages[stage]}
      label={[label, baseUrl].filter(Boolean).join(' · ')}
      of={`${JSON.stringify(settings[stage])} ${key}`}
      test={() => bridge.invoke('settings.test', { stage })}
    />
  );
}
