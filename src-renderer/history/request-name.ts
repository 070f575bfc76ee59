/** What a request was for, and whether it came to anything. */
import type { RequestView } from '../../src-preload/inspection.ts';
import { words } from '../i18n/words.ts';

export function nameOfStage({ stage }: RequestView): string {
  const names: Readonly<Record<string, string>> = words.faultStages;
  return names[stage] ?? stage;
}

export function isFailed({ outcome, status }: RequestView): boolean {
  return outcome === 'failed' || (status !== null && status >= 400);
}
