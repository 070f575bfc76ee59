/**
 * Structured output: the model answers with JSON that says how to speak as well as what. It is read while it is still
 * being written, so that the first words are heard as early as in prose; nobody hears or sees the rest.
 */
import type { AudioFrame } from '../audio/frame.ts';
import { Agent } from '../conversation/agent.ts';
import type { ChatContext } from '../conversation/chat-context.ts';
import type { NodeSettings } from '../conversation/node.ts';
import type { Tool } from '../conversation/tool.ts';
import type { ResponseFormat } from '../speech/llm/llm.ts';
import { readAnswer } from './spoken-answer.ts';

const INSTRUCTIONS = [
  'You are a warm, expressive voice assistant.',
  'Always answer with one JSON object: first "voice_instructions", a short direction for the voice actor who reads you',
  '(tone, pace, emotion), then "response", the words to be spoken, brief and without markup.',
].join(' ');

const ANSWER: ResponseFormat = {
  name: 'spoken_answer',
  schema: {
    type: 'object',
    properties: { voice_instructions: { type: 'string' }, response: { type: 'string' } },
    required: ['voice_instructions', 'response'],
    additionalProperties: false,
  },
};

export class StructuredOutput extends Agent {
  constructor() {
    super({ id: 'structured-output', instructions: INSTRUCTIONS });
  }

  override llmNode(chatCtx: ChatContext, tools: readonly Tool[], settings: NodeSettings) {
    return Agent.default.llmNode(this, chatCtx, tools, { ...settings, responseFormat: ANSWER });
  }

  override async *ttsNode(text: AsyncIterable<string>, settings: NodeSettings): AsyncGenerator<AudioFrame> {
    const answer = readAnswer(text);
    const first = await answer.next();
    if (first.done) return;
    const { voiceInstructions, words } = first.value;
    async function* spoken() {
      yield words;
      for await (const next of answer) yield next.words;
    }
    const directed = voiceInstructions ? { ...settings, voiceInstructions } : settings;
    const frames = Agent.default.ttsNode(this, spoken(), directed);
    if (frames) yield* frames;
  }

  override async *transcriptionNode(text: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const { words } of readAnswer(text)) yield words;
  }
}
