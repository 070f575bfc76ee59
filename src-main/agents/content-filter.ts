/**
 * Content filter: a second call to the model judges each sentence before it is spoken or shown. It fails closed: what
 * could not be judged is withheld, and the last sentence is judged even if nothing ends it.
 */
import { Agent } from '../conversation/agent.ts';
import { ChatContext } from '../conversation/chat-context.ts';
import type { NodeSettings } from '../conversation/node.ts';
import type { Tool } from '../conversation/tool.ts';
import type { ChatChunk } from '../speech/llm/llm.ts';
import { splitSentences } from '../speech/tts/sentences.ts';

const INSTRUCTIONS = 'You are a voice assistant for a family. Answer in a few short spoken sentences, without markup.';

const JUDGE = [
  'You judge what a voice assistant for a family is about to say. You see one sentence.',
  'Answer ALLOW if it is fit for children: no insults, no violence, no sex, no instructions for anything dangerous.',
  'Otherwise answer BLOCK. Answer with that one word.',
].join(' ');

const WITHHELD = 'I would rather not say that. ';
const LONGEST_SENTENCE = 2_000;
/** Judges put marks around the word; whoever says more has not judged. */
const ALLOWED = /^\W*ALLOW\W*$/i;
const LONGEST_VERDICT = 40;

export class ContentFilter extends Agent {
  constructor() {
    super({ id: 'content-filter', instructions: INSTRUCTIONS });
  }

  override async *llmNode(
    chatCtx: ChatContext,
    tools: readonly Tool[],
    settings: NodeSettings,
  ): AsyncGenerator<ChatChunk | string> {
    const sentences = splitSentences(LONGEST_SENTENCE, false);
    let withheld = false;
    const judged = async (sentence: string): Promise<string> => {
      if (sentence.trim() === '' || (await this.#allows(sentence, settings.signal))) {
        withheld = false;
        return sentence;
      }
      const first = !withheld;
      withheld = true;
      return first ? WITHHELD : '';
    };
    for await (const { text, toolCalls } of Agent.default.llmNode(this, chatCtx, tools, settings) ?? []) {
      for (const sentence of sentences.push(text)) yield await judged(sentence);
      if (toolCalls) yield { text: '', toolCalls };
    }
    for (const fragment of sentences.end()) yield await judged(fragment);
  }

  async #allows(sentence: string, signal: AbortSignal): Promise<boolean> {
    const question = new ChatContext();
    question.addMessage({ role: 'system', content: JUDGE });
    question.addMessage({ role: 'user', content: sentence });
    const { models, reportUsage } = this.session;
    let verdict = '';
    try {
      for await (const { text } of models.llm.chat(question.items, { signal, onUsage: reportUsage })) {
        verdict += text;
        if (verdict.length > LONGEST_VERDICT) return false;
      }
    } catch {
      signal.throwIfAborted();
      return false;
    }
    return ALLOWED.test(verdict);
  }
}
