/** Whom to ask the same question, and with which models. */
import { type FormEvent, useEffect, useId, useState } from 'react';
import type { CommandInput, TurnView } from '../../src-preload/contract.ts';
import type { Stage } from '../../src-preload/settings.ts';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import { STAGES } from '../stages.ts';

const { askAgain: told } = words.history;

export type Question = Omit<CommandInput<'turns.askAgain'>, 'turnId'>;

interface AskAgainFormProps {
  readonly original: TurnView;
  readonly asking: boolean;
  readonly onAsk: (question: Question) => void;
}

const NO_MODELS: Record<Stage, string> = { stt: '', llm: '', tts: '' };

export function AskAgainForm({ original, asking, onAsk }: AskAgainFormProps) {
  const { bridge } = useServices();
  const agents = useWindow((state) => state.agents);
  const [agentId, setAgentId] = useState(original.agentId);
  const [models, setModels] = useState(NO_MODELS);
  const [known, setKnown] = useState<readonly string[]>([]);
  const listId = useId();
  const hintId = useId();

  useEffect(() => {
    // Without it nothing is suggested.
    bridge.invoke('log.filters', {}).then(
      (filters) => setKnown(filters.models),
      () => undefined,
    );
  }, [bridge]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = Object.fromEntries(Object.entries(models).filter(([, model]) => model.trim() !== ''));
    onAsk({ agentId, models: chosen });
  };
  const able = agents.filter(({ enabled, error }) => enabled && !error);
  return (
    <form className="ask-again" aria-describedby={hintId} onSubmit={submit}>
      <label className="ask-again-field">
        <span>{told.agent}</span>
        <select className="input" value={agentId} onChange={({ target }) => setAgentId(target.value)}>
          {!able.some(({ id }) => id === agentId) && <option value={agentId}>{agentId}</option>}
          {able.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {STAGES.map((stage) => (
        <label key={stage} className="ask-again-field">
          <span>{told.models[stage]}</span>
          <input
            className="input"
            type="text"
            list={listId}
            spellCheck={false}
            autoComplete="off"
            maxLength={200}
            placeholder={modelName(original.models[stage])}
            value={models[stage]}
            onChange={({ target }) => setModels({ ...models, [stage]: target.value })}
          />
        </label>
      ))}
      <datalist id={listId}>
        {known.map((label) => (
          <option key={label} value={modelName(label)} />
        ))}
      </datalist>
      <button type="submit" className="button" disabled={asking}>
        {asking ? told.asking : told.ask}
      </button>
      <p className="ask-again-hint" id={hintId}>
        {told.about} {told.modelsHint}
      </p>
    </form>
  );
}

/** `gpt-5-mini` of `openai/gpt-5-mini`. */
function modelName(label: string): string {
  return label.slice(label.indexOf('/') + 1);
}
