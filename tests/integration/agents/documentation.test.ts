/** Every agent in the documentation, loaded as a user's file is and talked to. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AGENT_TYPES } from '../../../src-main/app/agents/user/agent-types.ts';
import { loadAgent } from '../../../src-main/app/agents/user/load-agent.ts';
import { type Conversation, type ConversationOptions, converse } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const documentation = ['agents.md', 'your-own-agents.md', 'coming-from-livekit.md']
  .map((name) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8'))
  .join('\n');
const TYPE_CHECKER = fileURLToPath(new URL('../../../node_modules/.bin/tsc', import.meta.url));
const NODE_TYPES = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url));
/** As strict as an editor may be. */
const STRICT = {
  strict: true,
  noEmit: true,
  target: 'es2024',
  module: 'nodenext',
  types: [],
  allowImportingTsExtensions: true,
  erasableSyntaxOnly: true,
};

/** By name of the file, without its ending. */
const examples = new Map(
  [...documentation.matchAll(/```ts\n(\/\/ agents\/([a-z-]+)\.ts\n.*?)```/gs)].map(([, code = '', id = '']) => [
    id,
    code,
  ]),
);

async function talkTo(id: string, options: Partial<ConversationOptions<unknown>> = {}): Promise<Conversation> {
  const path = join(await temporaryFolder(), `${id}.ts`);
  await writeFile(path, examples.get(id) ?? '');
  const { make } = await loadAgent(path, id, '1');
  return converse({ agent: make(), ...options });
}

test('each example has a conversation below', () => {
  const pages = [['secretary', 'newsreader', 'oracle', 'kitchen', 'front-desk'], ['weather'], ['hello']];
  expect([...examples.keys()]).toEqual(pages.flat());
});

/** What the type checker says of files beside `squelch.d.ts`. */
async function complaintsAbout(files: ReadonlyMap<string, string>, more: object = {}): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'squelch.d.ts'), AGENT_TYPES);
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...STRICT, ...more } }));
  for (const [id, code] of files) await writeFile(join(folder, `${id}.ts`), code);
  try {
    execFileSync(TYPE_CHECKER, ['-p', folder], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (thrown) {
    return (thrown as { stdout: string }).stdout;
  }
}

test('each example fits the types that agent files are given', async () => {
  expect(await complaintsAbout(examples)).toBe('');
});

test('the types that agent files are given are those of what they are given', async () => {
  const real = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../../src-main/${path}`, import.meta.url)));
  const check = `
    import type { AgentKit } from ${real('app/agents/user/agent-kit.ts')};
    import type { AgentSession } from ${real('conversation/session.ts')};
    import type { Agent as RealAgent } from ${real('conversation/agent.ts')};
    import type { SessionEvent as RealEvent } from ${real('conversation/events.ts')};
    import type { Agent, DefaultNodes, Session, SessionEvent, Squelch } from './squelch.d.ts';

    // Of what takes an agent, what it returns: agents are told apart by their class, not by their shape.
    type Given<T> = { readonly [K in keyof T]: T[K] extends (...args: never) => infer R ? (...args: never) => R : T[K] };
    type Members<T> = Given<Omit<T, 'session' | 'currentAgent'>>;
    type Told = Extract<RealEvent, { type: SessionEvent['type'] }>;
    export const kit = (real: AgentKit): Record<keyof Squelch, unknown> => real;
    export const nodes = (real: typeof RealAgent.default): Record<keyof DefaultNodes, unknown> => real;
    export const agent = (real: RealAgent): Members<Agent> => real;
    export const session = (real: AgentSession): Members<Session> => real;
    export const told = (real: Told): SessionEvent => real;
  `;
  expect(
    await complaintsAbout(new Map([['check', check]]), {
      types: ['node'],
      typeRoots: [NODE_TYPES],
      skipLibCheck: true,
    }),
  ).toBe('');
});

test('secretary: greets, adds for one answer, remembers for all, mends words, and keeps still at a hm', async () => {
  const user = await talkTo('secretary', { reply: 'Very well.' });
  expect((await user.start())?.reply).toBe('Good morning. What can I do?');
  expect(await user.type('Hmm…')).toMatchObject({ reply: '', stopReason: 'thinking aloud' });
  await user.type('Remember the damned milk.');
  await user.type('What else?');
  const empty = 'The calendar is empty today.';
  expect(user.shown(0)).toEqual([
    expect.stringContaining('secretary'),
    'Good morning. What can I do?',
    empty,
    'Remember the dear milk.',
  ]);
  expect(user.shown(1)).toEqual([
    expect.stringContaining('secretary'),
    'Good morning. What can I do?',
    'To be remembered: Remember the damned milk.',
    'Remember the dear milk.',
    'Very well.',
    empty,
    'What else?',
  ]);
});

test('newsreader: drops fillers, spells out, halves the volume, shows no asterisks', async () => {
  const loud = new Int16Array(4_800).fill(8_000);
  const user = await talkTo('newsreader', { transcript: 'Um, what is new?', reply: '*5%* more.', speech: loud });
  const turn = await user.say(await speech('What is new today?'));
  expect(turn).toMatchObject({ outcome: 'completed', user: 'what is new?', reply: '5% more.', heard: '5% more.' });
  expect(user.spoken).toEqual(['5 percent more.']);
  expect(turn.sound).toEqual(loud.map((sample) => sample / 2));
});

test('oracle: speaks before the model does, and has it answer with a riddle', async () => {
  const user = await talkTo('oracle', { reply: 'What has keys and opens nothing?' });
  expect((await user.type('Hello?')).reply).toBe('Hear me. What has keys and opens nothing?');
  expect(user.shown(0)).toEqual(['You are an oracle.', 'Hello?', 'Answer with a riddle.']);
});

test('kitchen: sets a timer, and tells the model of a second one for the same dish', async () => {
  const user = await talkTo('kitchen', {
    reply: (messages) => {
      const last = messages.at(-1);
      if (last?.role === 'tool') return String(last.content);
      return { toolCalls: [{ name: 'set_timer', arguments: { dish: 'soup', minutes: 5 } }] };
    },
  });
  expect((await user.type('Five minutes for the soup.')).reply).toBe('{"timers":["soup"]}');
  expect((await user.type('Five minutes for the soup.')).reply).toBe('There is a timer for soup already.');
});

test('front-desk: hands the hungry to the waiter, who greets in a voice of his own', async () => {
  const user = await talkTo('front-desk', { reply: { toolCalls: [{ name: 'to_waiter', arguments: {} }] } });
  expect((await user.type('I am hungry.')).reply).toBe('Your table is ready.');
  expect(user.session.currentAgent.id).toBe('waiter');
  expect(user.server.requests('tts').at(-1)?.json?.voice).toBe('onyx');
});

test('weather: offers the model its tool', async () => {
  const user = await talkTo('weather', { reply: 'Take one.' });
  expect(await user.type('Do I need an umbrella?')).toMatchObject({ outcome: 'completed', reply: 'Take one.' });
  expect(user.server.requests('llm')[0]?.json?.tools).toMatchObject([
    { function: { name: 'rain', parameters: { required: ['city'] } } },
  ]);
});

test('hello: greets with the model’s words, and calls its tool', async () => {
  const user = await talkTo('hello', {
    reply: (messages) => {
      const last = messages.at(-1);
      if (last?.role === 'tool') return String(last.content);
      if (last?.role === 'user') return { toolCalls: [{ name: 'get_weather', arguments: { place: 'Lisbon' } }] };
      return 'Hello there.';
    },
  });
  expect((await user.start())?.reply).toBe('Hello there.');
  expect((await user.type('How is the weather in Lisbon?')).reply).toBe('It is sunny in Lisbon.');
});
