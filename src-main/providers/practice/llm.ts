/** The embedded "language model": the guide's script, streamed word by word at the pace of a real one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { textOf } from '../../speech/llm/chat.ts';
import type { Llm } from '../../speech/llm/llm.ts';
import { answer, GREETING } from './guide.ts';

export interface PracticeLlmOptions {
  /** Milliseconds before each word. */
  readonly wordMs?: number;
}

export function practiceLlm({ wordMs = 25 }: PracticeLlmOptions = {}): Llm {
  return {
    label: 'practice/guide',
    async *chat(context, { signal, onUsage }) {
      const messages = context.filter((item) => item.type === 'message');
      const said = messages.filter(({ role }) => role === 'user').map(textOf);
      const last = said.at(-1);
      const words = (last === undefined ? GREETING : answer(last, said.length - 1)).match(/\S+\s*/g) ?? [];
      for (const word of words) {
        await sleep(wordMs, undefined, { signal }).catch(() => signal.throwIfAborted());
        yield { text: word };
      }
      const inputTokens = messages.reduce((total, message) => total + (textOf(message).match(/\S+/g)?.length ?? 0), 0);
      const raw = { unit: 'words', input: inputTokens, output: words.length };
      onUsage?.({ stage: 'llm', provider: 'practice', model: 'guide', raw, inputTokens, outputTokens: words.length });
    },
    warm() {},
  };
}
