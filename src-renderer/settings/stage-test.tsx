/** Calls a stage's provider for real and says what came of it, in how much time. */
import { useState } from 'react';
import type { CommandOutput } from '../../src-preload/contract.ts';
import type { Stage } from '../../src-preload/settings.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';

type Result = CommandOutput<'settings.test'>;

export function StageTest({ stage, label }: { stage: Stage; label: string }) {
  const { bridge } = useServices();
  const [testing, setTesting] = useState(false);
  const [result, setResult] = useState<Result | null>(null);

  const test = async () => {
    setTesting(true);
    setResult(null);
    const answer = await bridge
      .invoke('settings.test', { stage })
      .catch((thrown): Result => ({ ok: false, elapsedMs: 0, detail: '', error: faultOf(thrown) }));
    setResult(answer);
    setTesting(false);
  };

  return (
    <div className="stage-test">
      <p className="stage-in-use">
        {words.settings.inUse} <span className="evidence">{label}</span>
      </p>
      <button
        type="button"
        className="button"
        aria-label={`${words.settings.test}: ${words.stages[stage]}`}
        disabled={testing}
        onClick={() => void test()}
      >
        {testing ? words.settings.testing : words.settings.test}
      </button>
      <div className="stage-test-result" role="status">
        {result && <TestResult result={result} />}
      </div>
    </div>
  );
}

function TestResult({ result: { ok, elapsedMs, detail, error } }: { result: Result }) {
  return (
    <p data-ok={ok}>
      <strong>{ok ? words.settings.works : words.settings.failed}</strong>{' '}
      {elapsedMs > 0 && <span className="evidence">{formatSeconds(elapsedMs)}</span>} {error?.message ?? detail}{' '}
      {error?.hint}
    </p>
  );
}
