/** One server of tools, each of its settings saved by itself. */
import type { McpServerView } from '../../src-preload/agents-contract.ts';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { Terms } from '../ui/terms.tsx';
import { ChoiceField, SwitchField, TextField } from '../ui/value-fields.tsx';
import { joinCommand, splitCommand } from './command-line.ts';
import { joinPairs, type PairLines, splitPairs } from './pair-lines.ts';

const { toolServers } = words;

const ENVIRONMENT: PairLines = { separator: '=', wrong: toolServers.environmentWrong };
const HEADERS: PairLines = { separator: ': ', wrong: toolServers.headersWrong };
const APPROVALS = ['ask', 'always', 'never'] as const;

interface ToolServerProps {
  readonly server: McpServerSettings;
  readonly status: McpServerView | undefined;
  readonly onChange: (changed: (now: McpServerSettings) => McpServerSettings) => Promise<unknown>;
  readonly onRemove: () => Promise<unknown>;
}

export function ToolServer({ server, status, onChange, onRemove }: ToolServerProps) {
  const { store } = useServices();
  const { approval, enabled, name, transport } = server;
  const set = (change: Partial<McpServerSettings>) => onChange((now) => ({ ...now, ...change }));
  const reach = (change: Partial<McpServerSettings['transport']>) =>
    onChange((now) => ({ ...now, transport: { ...now.transport, ...change } as typeof now.transport }));
  return (
    <section className="tool-server" aria-label={name}>
      <div className="tool-server-head">
        <h4 className="tool-server-name">{name}</h4>
        <p className="tool-server-state" role="status">
          {enabled ? toolServers.states[status?.state ?? 'off'] : toolServers.disabled}
          {status && status.tools.length > 0 && ` · ${toolServers.tools(status.tools.length)}`}
        </p>
        <button
          type="button"
          className="button button-quiet"
          aria-label={toolServers.removeName(name)}
          onClick={() => onRemove().catch((thrown) => store.setState({ fault: faultOf(thrown) }))}
        >
          {toolServers.remove}
        </button>
      </div>
      {enabled && status?.error && (
        <p className="tool-server-error">
          <strong>{sentence(status.error.message)}</strong> {sentence(status.error.hint)}
        </p>
      )}
      {transport.type === 'stdio' ? (
        <>
          <TextField
            label={toolServers.command}
            hint={toolServers.commandHint}
            value={joinCommand([transport.command, ...transport.args])}
            save={(line) => {
              const [command = '', ...args] = splitCommand(line);
              return reach({ command, args });
            }}
          />
          <TextField
            label={toolServers.environment}
            hint={toolServers.environmentHint}
            lines={2}
            value={joinPairs(transport.env, ENVIRONMENT)}
            save={async (lines) => reach({ env: splitPairs(lines, ENVIRONMENT) })}
          />
        </>
      ) : (
        <>
          <TextField label={toolServers.url} value={transport.url} save={(url) => reach({ url })} />
          <TextField
            label={toolServers.headers}
            hint={toolServers.headersHint}
            lines={2}
            value={joinPairs(transport.headers ?? {}, HEADERS)}
            save={async (lines) => reach({ headers: splitPairs(lines, HEADERS) })}
          />
        </>
      )}
      <ChoiceField
        label={toolServers.approval}
        values={APPROVALS}
        names={toolServers.approvals}
        value={approval}
        save={(choice) => set({ approval: choice })}
      />
      <SwitchField label={toolServers.enabled} value={enabled} save={(choice) => set({ enabled: choice })} />
      {status && status.tools.length > 0 && (
        <details className="tool-server-tools">
          <summary>{toolServers.tools(status.tools.length)}</summary>
          <Terms evidence terms={status.tools.map(({ name, description }) => ({ name, meaning: description }))} />
        </details>
      )}
    </section>
  );
}
