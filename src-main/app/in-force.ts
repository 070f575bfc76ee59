/** What the log keeps of what was in force: the agent and the settings, without anything that may hold a credential. */
import type { Settings } from '../../src-preload/settings.ts';
import type { InForceRecord } from '../audit/chain/records.ts';
import { withholdInUrl } from '../audit/recording/credentials.ts';
import type { AgentCatalog } from './agents/catalog.ts';
import { digestOf } from './digest.ts';

export function inForce(agentId: string, catalog: AgentCatalog, settings: Settings): InForceRecord {
  return { agent: { id: agentId, ...catalog.originOf(agentId) }, settings: withoutCredentials(settings) };
}

/** What a tool server is started or asked with may be secrets, so only its digest is kept: it tells whether it changed. */
function withoutCredentials({ mcp, ...settings }: Settings): unknown {
  const servers = mcp.map(({ transport, ...server }) => {
    if (transport.type === 'http') {
      const { headers, ...rest } = transport;
      return { ...server, transport: headers ? { ...rest, sha256: digestOf({ headers }) } : rest };
    }
    const { type, command, args, env } = transport;
    return { ...server, transport: { type, command, sha256: digestOf({ args, env }) } };
  });
  return JSON.parse(JSON.stringify({ ...settings, mcp: servers }), (_key, value) =>
    typeof value === 'string' && /^(https?|wss?):/.test(value) && URL.canParse(value)
      ? withholdInUrl(value).url
      : value,
  );
}
