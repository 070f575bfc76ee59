/**
 * Chain of thought: the model thinks in writing before it answers, where its server keeps that apart or between tags. The
 * thinking is neither spoken nor shown nor sent back to the model; it is kept, and whoever asks how an answer came about
 * is told.
 */
import { Agent } from '../conversation/agent.ts';
import type { ChatContext } from '../conversation/chat-context.ts';
import type { NodeSettings } from '../conversation/node.ts';
import { type Tool, ToolError, tool } from '../conversation/tool.ts';
import type { ChatChunk } from '../speech/llm/llm.ts';
import { separateThinking } from './thinking.ts';

const INSTRUCTIONS = [
  'You are a careful voice assistant. Before each answer think step by step between <think> and </think>;',
  'the user does not hear that. Then give the answer alone, in one or two short spoken sentences, without markup.',
  'When the user asks how you arrived at an answer, call recall_thinking and retell what it says briefly.',
].join(' ');

export class ChainOfThought extends Agent {
  /** Of each answer, the oldest first. */
  readonly thoughts: string[] = [];

  constructor() {
    super({ id: 'chain-of-thought', instructions: INSTRUCTIONS });
    void this.updateTools([this.#recall()]);
  }

  override async *llmNode(
    chatCtx: ChatContext,
    tools: readonly Tool[],
    settings: NodeSettings,
  ): AsyncGenerator<ChatChunk | string> {
    const separated = separateThinking();
    let thought = '';
    for await (const chunk of Agent.default.llmNode(this, chatCtx, tools, settings) ?? []) {
      thought += chunk.thought ?? '';
      yield { ...chunk, text: separated.push(chunk.text) };
    }
    yield separated.end();
    const thoughts = [thought.trim(), separated.thought].filter((one) => one !== '');
    if (thoughts.length > 0) this.thoughts.push(thoughts.join('\n'));
  }

  #recall(): Tool {
    return tool({
      name: 'recall_thinking',
      description: 'What you thought before your last answer.',
      execute: () => {
        const last = this.thoughts.at(-1);
        if (last === undefined) throw new ToolError('You have not thought about anything yet.');
        return last;
      },
    });
  }
}
