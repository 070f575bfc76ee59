/** Agents: who can be talked to, what each of them does, and personas made and changed in place. */
import './agents-screen.css';
import { useEffect, useRef, useState } from 'react';
import type { AgentView } from '../../src-preload/agents-contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { moveFocus, PaneBack, PaneRow, useOneTabStop } from '../ui/panes.tsx';
import { AgentDetail } from './agent-detail.tsx';

const KINDS: readonly AgentView['kind'][] = ['shipped', 'persona', 'user'];

export function AgentsScreen() {
  const { bridge, store } = useServices();
  const agents = useWindow((state) => state.agents);
  const inForce = useWindow((state) => state.conversation.agentId);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [madeId, setMadeId] = useState<string | null>(null);
  const list = useRef<HTMLElement>(null);
  const detail = useRef<HTMLDivElement>(null);
  useOneTabStop(list);
  const chosen = agents.find(({ id }) => id === chosenId);

  // The first thing that a new persona needs is a name.
  useEffect(() => {
    if (madeId === null || chosen?.id !== madeId) return;
    const name = detail.current?.querySelector('input');
    name?.focus();
    name?.select();
    setMadeId(null);
  }, [chosen, madeId]);

  const addPersona = async () => {
    const models = { stt: null, llm: null, tts: null };
    const { firstInstructions: instructions, firstName: name } = words.agents;
    try {
      const made = await bridge.invoke('personas.save', {
        id: null,
        name,
        instructions,
        voice: null,
        models,
        mcpServers: [],
      });
      setChosenId(made.id);
      setMadeId(made.id);
    } catch (thrown) {
      store.setState({ fault: faultOf(thrown) });
    }
  };

  return (
    <div className="panes" data-chosen={chosen !== undefined}>
      <h2 className="visually-hidden">{words.agents.title}</h2>
      <nav ref={list} className="panes-list agents-list" aria-label={words.agents.list} onKeyDown={moveFocus}>
        {KINDS.map((kind) => {
          const ofKind = agents.filter((agent) => agent.kind === kind);
          if (ofKind.length === 0) return null;
          return (
            <section key={kind} aria-label={words.agents.kinds[kind]}>
              <h3 className="panes-heading">{words.agents.kinds[kind]}</h3>
              <ul>
                {ofKind.map((agent) => (
                  <li key={agent.id}>
                    <PaneRow
                      title={agent.name}
                      facts={factsOf(agent, inForce)}
                      chosen={agent.id === chosenId}
                      onChoose={() => setChosenId(agent.id)}
                    />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
        <button type="button" className="button agents-new" onClick={() => void addPersona()}>
          <PlusIcon />
          {words.agents.newPersona}
        </button>
        <p className="agents-hint">{words.agents.personaHint}</p>
      </nav>
      <div ref={detail} className="panes-detail">
        {chosen ? (
          <>
            <PaneBack onBack={() => setChosenId(null)}>{words.agents.back}</PaneBack>
            <AgentDetail key={chosen.id} agent={chosen} onDeleted={() => setChosenId(null)} />
          </>
        ) : (
          <p className="panes-note">{words.agents.choose}</p>
        )}
      </div>
    </div>
  );
}

function factsOf({ description, enabled, error, id, kind }: AgentView, inForce: string): string {
  if (id === inForce) return words.agents.inForce;
  if (error) return words.agents.broken;
  if (kind === 'user' && !enabled) return words.agents.off;
  return description;
}
