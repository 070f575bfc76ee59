/** An agent asked again with other models than its own, chosen for that one conversation. */
import type { CommandInput } from '../../../src-preload/contract.ts';
import { Fault } from '../../fault.ts';
import type { Chosen } from './catalog.ts';

export type AskedModels = NonNullable<CommandInput<'turns.askAgain'>['models']>;

/** @throws Fault `agent-has-models` where the agent's code says which it uses */
export function withModels(chosen: Chosen, models: AskedModels): Chosen {
  const { agent } = chosen;
  for (const stage of ['stt', 'llm', 'tts'] as const) {
    if (!models[stage] || agent[stage] === undefined) continue;
    throw new Fault('agent-has-models', `${agent.id} brings its own model for ${stage}`, {
      hint: 'Ask another agent, or leave the model to this one.',
    });
  }
  const { stt = null, llm = null, tts = null } = models;
  const own = chosen.models;
  return { ...chosen, models: { stt: stt ?? own.stt, llm: llm ?? own.llm, tts: tts ?? own.tts } };
}
