/**
 * A call of a tool waits for the user. It is asked where it happens and takes no focus away; the shortcuts answer the
 * one that was asked first.
 */
import { useCallback, useEffect } from 'react';
import type { ApprovalView } from '../../src-preload/agents-contract.ts';
import type { CommandInput } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { formatJson } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';

type Decision = CommandInput<'tools.decide'>['decision'];

const { approval: asked } = words.agents;

export function ToolApproval({ approval }: { approval: ApprovalView }) {
  const { bridge, store } = useServices();
  const { approvalId, arguments: input, server, tool } = approval;
  const first = useWindow(({ approvals }) => approvals[0]?.approvalId === approvalId);

  const decide = useCallback(
    (decision: Decision) => {
      bridge
        .invoke('tools.decide', { approvalId, decision })
        .catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    },
    [approvalId, bridge, store],
  );
  useEffect(() => {
    if (!first) return;
    const onKeyDown = (event: KeyboardEvent) => {
      const decision = decisionOf(event);
      if (!decision) return;
      event.preventDefault();
      decide(decision);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [decide, first]);

  return (
    <fieldset className="approval">
      <legend className="approval-ask">{asked.ask(tool, server)}</legend>
      <pre className="evidence">{formatJson(input)}</pre>
      <p className="approval-answers">
        <button type="button" className="button" aria-keyshortcuts={asked.keys.once} onClick={() => decide('once')}>
          {asked.once}
        </button>
        <button type="button" className="button" aria-keyshortcuts={asked.keys.always} onClick={() => decide('always')}>
          {asked.always(server)}
        </button>
        <button type="button" className="button" aria-keyshortcuts={asked.keys.deny} onClick={() => decide('deny')}>
          {asked.deny}
        </button>
      </p>
      {first && <p className="approval-keys">{asked.keysHint}</p>}
    </fieldset>
  );
}

function decisionOf({ altKey, ctrlKey, key, metaKey, repeat, shiftKey }: KeyboardEvent): Decision | null {
  if (repeat || !altKey || ctrlKey || metaKey) return null;
  if (key === 'Enter') return shiftKey ? 'always' : 'once';
  return key === 'Backspace' && !shiftKey ? 'deny' : null;
}
