/** The servers whose tools agents may call: what each is, whether it works, and who must be asked. */
import './tool-servers.css';
import { useEffect, useState } from 'react';
import type { McpServerView } from '../../src-preload/agents-contract.ts';
import type { McpServerSettings } from '../../src-preload/settings.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { useInOrder } from '../ui/in-order.ts';
import { Section } from '../ui/section.tsx';
import { useUpdate } from './setting-fields.tsx';
import { ToolServer } from './tool-server.tsx';
import { ToolServerDraft } from './tool-server-draft.tsx';

const { toolServers } = words;

type Servers = readonly McpServerSettings[];

export function ToolServers({ servers }: { servers: Servers }) {
  const { bridge, store } = useServices();
  const update = useUpdate();
  const inOrder = useInOrder();
  const change = (changed: (now: Servers) => Servers) =>
    inOrder(() => update({ mcp: [...changed(store.getState().app?.settings.mcp ?? servers)] }));
  const [adding, setAdding] = useState(false);
  const [status, setStatus] = useState<readonly McpServerView[]>([]);

  useEffect(() => {
    bridge
      .invoke('mcp.status', {})
      .then(setStatus)
      .catch((thrown) => store.setState({ fault: faultOf(thrown) }));
    return bridge.on('mcp.changed', setStatus);
  }, [bridge, store]);

  return (
    <Section title={toolServers.title} about={toolServers.about}>
      {servers.map((server) => (
        <ToolServer
          key={server.name}
          server={server}
          status={status.find(({ name }) => name === server.name)}
          onChange={(changed) => change((now) => now.map((one) => (one.name === server.name ? changed(one) : one)))}
          onRemove={() => change((now) => now.filter(({ name }) => name !== server.name))}
        />
      ))}
      {adding ? (
        <ToolServerDraft
          taken={servers.map(({ name }) => name)}
          onAdd={async (server) => {
            await change((now) => [...now, server]);
            setAdding(false);
          }}
          onCancel={() => setAdding(false)}
        />
      ) : (
        <button type="button" className="button" onClick={() => setAdding(true)}>
          {toolServers.add}
        </button>
      )}
    </Section>
  );
}
