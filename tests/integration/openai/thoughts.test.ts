/** Models whose prompt has opened their thought already: only its end is written, and nothing of an answer may be lost. */
import { expect, it, onTestFinished } from 'vitest';
import type { Llm } from '../../../src-main/speech/llm/llm.ts';
import { sendParts, startRawServer } from '../../support/raw-server.ts';
import { chat, llmAt, serverAt } from './calls.ts';

const words = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const apart = (reasoning: string) => `data: ${JSON.stringify({ choices: [{ delta: { reasoning } }] })}\n\n`;

/** A model that gives these answers, one after the other. */
async function model(name: string, ...answers: readonly (readonly string[])[]): Promise<Llm> {
  const left = [...answers];
  const server = await startRawServer((_, response) => sendParts(response, 'text/event-stream', left.shift() ?? []));
  onTestFinished(() => server.close());
  return llmAt(serverAt(server.baseUrl), name);
}

const THINKS = ['Hmm, ', 'so < 12.\n', '</th', 'ink>', '\n\n', 'It is ', 'noon.'].map(words);

it('a model that is known to think so is held until it has thought', async () => {
  for (const name of ['deepseek-r1:8b', 'Qwen/QwQ-32B', 'qwen3-30b-a3b-thinking-2507']) {
    expect(await chat(await model(name, THINKS))).toMatchObject({ text: 'It is noon.', thought: 'Hmm, so < 12.\n' });
  }
});

it('one that turns out to think so is known from then on; the first time what was said is said', async () => {
  const llm = await model('my-model', THINKS, THINKS);
  expect((await chat(llm)).text).toBe('Hmm, so < 12.\n\n\nIt is noon.');
  expect(await chat(llm)).toMatchObject({ text: 'It is noon.', thought: 'Hmm, so < 12.\n' });
});

it('an answer that comes whole is told from its thought at once', async () => {
  expect(await chat(await model('my-model', [words('Hmm.</think>\n\nIt is noon.')]))).toMatchObject({
    text: 'It is noon.',
    thought: 'Hmm.',
  });
});

it.each([
  ['without a thought', ['It is ', 'noon.'].map(words), 'It is noon.'],
  ['with its thought apart', [apart('Hmm.'), words('It is '), words('noon.')], 'It is noon.'],
  ['with a thought that has its marks', ['<think>Hmm.</think>', 'It is ', 'noon.'].map(words), 'It is noon.'],
])('an answer %s is lost in nothing, and not held the next time', async (_, answer, text) => {
  const llm = await model('deepseek-r1', answer, ['Hm.', '</think>\n', 'Yes.'].map(words));
  expect((await chat(llm)).text).toBe(text);
  expect((await chat(llm)).text).toBe('Hm.\nYes.');
});

it.each([
  'Write </think> at the end.',
  'The mark is `</think>`.',
  'First <think>, then\n</think>\nand the rest.',
  'if a <',
  '</b>',
])('%j is said as it is, however it is cut', async (answer) => {
  for (const name of ['my-model', 'deepseek-r1']) {
    expect((await chat(await model(name, [...answer].map(words)))).text).toBe(answer);
    expect((await chat(await model(name, [words(answer)]))).text).toBe(answer);
  }
});

it('a thought alone is no answer', async () => {
  await expect(chat(await model('deepseek-r1', ['Hmm.\n', '</think>'].map(words)))).rejects.toMatchObject({
    code: 'empty-answer',
  });
});
