/** One agent: what it does and changes, what it may call, and a way to talk to it. */
import type { AgentView } from '../../src-preload/agents-contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { STAGES } from '../stages.ts';
import { Section } from '../ui/section.tsx';
import { Terms } from '../ui/terms.tsx';
import { FileConsent } from './file-consent.tsx';
import { PersonaFields } from './persona-fields.tsx';
import { useTalkTo } from './talk-to.ts';

interface AgentDetailProps {
  readonly agent: AgentView;
  readonly onDeleted: () => void;
}

export function AgentDetail({ agent, onDeleted }: AgentDetailProps) {
  const { bridge, store } = useServices();
  const talkTo = useTalkTo();
  const setEnabled = (enabled: boolean) =>
    bridge
      .invoke('agents.setEnabled', { agentId: agent.id, enabled })
      .catch((thrown) => store.setState({ fault: faultOf(thrown) }));
  const { error } = agent;
  return (
    <article className="agent" aria-label={agent.name}>
      <div className="agent-head">
        <h3 className="agent-name">{agent.name}</h3>
        {agent.kind !== 'persona' && <p className="agent-description">{agent.description}</p>}
        {error && (
          <p className="agent-error">
            <strong>{sentence(error.message)}</strong> {sentence(error.hint)}
          </p>
        )}
        {agent.enabled && !error && (
          <p className="agent-actions">
            <button type="button" className="button" onClick={() => talkTo(agent.id)}>
              {words.agents.talk(agent.name)}
            </button>
            <span className="agent-hint">{words.agents.talkHint}</span>
          </p>
        )}
      </div>
      {agent.kind === 'user' && <FileConsent agent={agent} onEnabled={setEnabled} />}
      {agent.kind === 'persona' ? (
        <PersonaFields agent={agent} onDeleted={onDeleted} />
      ) : (
        agent.enabled && !error && <AgentFacts agent={agent} />
      )}
    </article>
  );
}

function AgentFacts({ agent }: { agent: AgentView }) {
  const { hooks, instructions, mcpServers, models, nodes, tools, voice } = agent;
  const ownModels = STAGES.filter((stage) => models[stage] !== null);
  return (
    <>
      {hooks.length + nodes.length > 0 && (
        <Section title={words.agents.changes}>
          <Terms evidence terms={[...nodes, ...hooks].map((name) => ({ name, meaning: words.agents.parts[name] }))} />
        </Section>
      )}
      {tools.length > 0 && (
        <Section title={words.agents.tools}>
          <Terms evidence terms={tools.map(({ name, description }) => ({ name, meaning: description }))} />
        </Section>
      )}
      {mcpServers.length > 0 && (
        <Section title={words.agents.servers}>
          <p className="agent-text">{mcpServers.join(', ')}</p>
        </Section>
      )}
      {voice !== null && (
        <Section title={words.agents.voice}>
          <p className="agent-text evidence">{voice}</p>
        </Section>
      )}
      {ownModels.length > 0 && (
        <Section title={words.agents.models}>
          <Terms
            terms={ownModels.map((stage) => ({
              name: words.stages[stage],
              meaning: <span className="evidence">{models[stage]}</span>,
            }))}
          />
        </Section>
      )}
      <Section title={words.agents.instructions}>
        <p className="agent-text agent-instructions">{instructions || words.agents.noInstructions}</p>
      </Section>
    </>
  );
}
