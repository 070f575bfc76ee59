/** A file of the user's is code: that is said before it may run, and where it lies. */
import type { AgentView } from '../../src-preload/agents-contract.ts';
import { words } from '../i18n/words.ts';
import { Section } from '../ui/section.tsx';

interface FileConsentProps {
  readonly agent: AgentView;
  readonly onEnabled: (enabled: boolean) => void;
}

export function FileConsent({ agent: { enabled, error, file }, onEnabled }: FileConsentProps) {
  return (
    <Section title={words.agents.file}>
      <p className="agent-text evidence">{file}</p>
      <p className="agent-text">
        {enabled ? (
          <>
            {error ? words.agents.enabledBroken : words.agents.enabled} {words.agents.reload}
          </>
        ) : (
          <>
            <strong className="agent-warning">{words.agents.warning}</strong> {words.agents.warningHint}
          </>
        )}
      </p>
      <p className="agent-actions">
        <button type="button" className="button" onClick={() => onEnabled(!enabled)}>
          {enabled ? words.agents.disable : words.agents.enable}
        </button>
      </p>
    </Section>
  );
}
