/** Tries something for real and says what came of it. */
import { useEffect, useState } from 'react';
import type { CommandOutput } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatSeconds } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';

type Result = CommandOutput<'settings.test'>;

interface TestButtonProps {
  /** Of what is tested. */
  readonly name: string;
  /** What is in use. */
  readonly label: string;
  readonly test: () => Promise<Result>;
  /** What was found holds for no other. */
  readonly of: string;
}

export function TestButton({ name, label, test, of }: TestButtonProps) {
  const [testing, setTesting] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another it says nothing
  useEffect(() => setResult(null), [of]);

  const run = async () => {
    setTesting(true);
    setResult(null);
    setResult(await test().catch((thrown) => ({ ok: false, elapsedMs: 0, detail: '', error: faultOf(thrown) })));
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
        aria-label={`${words.settings.test}: ${name}`}
        disabled={testing}
        onClick={() => void run()}
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
