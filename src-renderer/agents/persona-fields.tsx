/** A persona, edited in place: each field is saved by itself, as in Settings. */
import { useState } from 'react';
import type { AgentView, Persona } from '../../src-preload/agents-contract.ts';
import type { CommandInput } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { STAGES } from '../stages.ts';
import { useInOrder } from '../ui/in-order.ts';
import { Section } from '../ui/section.tsx';
import { OptionalTextField, SwitchField, TextField } from '../ui/value-fields.tsx';

interface PersonaFieldsProps {
  readonly agent: AgentView;
  readonly onDeleted: () => void;
}

export function PersonaFields({ agent, onDeleted }: PersonaFieldsProps) {
  const { bridge, store } = useServices();
  const inOrder = useInOrder();
  const servers = useWindow((state) => state.app?.settings.mcp) ?? [];
  const { id, instructions, mcpServers, models, name, voice } = agent;
  const save = (change: (now: AgentView) => Partial<Persona>) =>
    inOrder(() => {
      const now = store.getState().agents.find((one) => one.id === id) ?? agent;
      return bridge.invoke('personas.save', { ...personaOf(now), ...change(now) });
    });
  return (
    <>
      <Section title={words.agents.persona}>
        <TextField label={words.agents.name} value={name} save={(text) => save(() => ({ name: text }))} />
        <TextField
          label={words.agents.instructions}
          value={instructions}
          lines={6}
          save={(text) => save(() => ({ instructions: text }))}
        />
      </Section>
      <Section title={words.agents.models}>
        <OptionalTextField
          label={words.agents.voice}
          placeholder={words.agents.fromSettings}
          value={voice}
          save={(text) => save(() => ({ voice: text }))}
        />
        {STAGES.map((stage) => (
          <OptionalTextField
            key={stage}
            label={words.agents.modelOf[stage]}
            placeholder={words.agents.fromSettings}
            value={models[stage]}
            save={(text) => save((now) => ({ models: { ...now.models, [stage]: text } }))}
          />
        ))}
      </Section>
      <Section title={words.agents.servers}>
        {servers.length === 0 && <p className="agent-text">{words.agents.noServers}</p>}
        {servers.map((server) => (
          <SwitchField
            key={server.name}
            label={words.agents.serverTools(server.name)}
            value={mcpServers.includes(server.name)}
            save={(used) => save((now) => ({ mcpServers: withServer(now.mcpServers, server.name, used) }))}
          />
        ))}
      </Section>
      <DeletePersona agent={agent} onDeleted={onDeleted} />
    </>
  );
}

function personaOf({ id, instructions, mcpServers, models, name, voice }: AgentView): CommandInput<'personas.save'> {
  return { id, name, instructions, voice, models, mcpServers };
}

function withServer(servers: readonly string[], name: string, used: boolean): string[] {
  const others = servers.filter((server) => server !== name);
  return used ? [...others, name] : others;
}

function DeletePersona({ agent: { id, name }, onDeleted }: PersonaFieldsProps) {
  const { bridge, store } = useServices();
  const [asked, setAsked] = useState(false);
  const remove = async () => {
    try {
      await bridge.invoke('personas.delete', { id });
      onDeleted();
    } catch (thrown) {
      store.setState({ fault: faultOf(thrown) });
    }
  };
  return (
    <Section title={words.agents.removal}>
      {asked ? (
        <p className="agent-actions" role="alert">
          <span>{words.agents.removeAsk(name)}</span>
          <button type="button" className="button" onClick={() => void remove()}>
            {words.agents.remove}
          </button>
          <button type="button" className="button button-quiet" onClick={() => setAsked(false)}>
            {words.agents.keep}
          </button>
        </p>
      ) : (
        <button type="button" className="button" onClick={() => setAsked(true)}>
          {words.agents.remove}
        </button>
      )}
    </Section>
  );
}
