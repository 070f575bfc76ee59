/** Nodes that misbehave: each is a clear error of the turn, which names the node, and the next turn works. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Agent, type AgentParts, agent } from '../../../src-main/conversation/agent.ts';
import type { ToldTurn } from '../../support/conversation.ts';
import { converse } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

afterEach(() => vi.useRealTimers());

const spoken = await speech('What time is it in Lisbon?');

type Node = 'sttNode' | 'llmNode' | 'ttsNode' | 'transcriptionNode';
const NODES: readonly Node[] = ['sttNode', 'llmNode', 'ttsNode', 'transcriptionNode'];

/** A turn with one node replaced, and the turn after it with the node as it should be. */
async function turnWith(name: Node, node: () => unknown): Promise<{ broken: ToldTurn; next: ToldTurn }> {
  let breaks = true;
  const original = { sttNode: 1, llmNode: 2, ttsNode: 1, transcriptionNode: 1 }[name];
  const part = (self: Agent, ...args: unknown[]) => {
    if (breaks) return node();
    const defaults = Agent.default[name] as (...given: unknown[]) => unknown;
    return defaults(self, ...args.slice(0, original + 1));
  };
  const user = await converse({
    agent: agent({ id: 'host', instructions: '', ...({ [name]: part } as AgentParts<unknown>) }),
    transcript: 'What time is it?',
    reply: 'It is noon.',
  });
  const broken = await user.say(spoken);
  breaks = false;
  return { broken, next: await user.say(spoken) };
}

describe.each(NODES)('%s', (name) => {
  test('that throws midway', async () => {
    const { broken, next } = await turnWith(name, async function* () {
      yield* [];
      throw new RangeError('out of cheese');
    });
    expect(broken.outcome).toBe('failed');
    expect(broken.error).toMatchObject({
      code: 'node-failed',
      stage: 'hook',
      message: `${name} failed: out of cheese`,
    });
    expect(next).toMatchObject({ outcome: 'completed', error: null });
  });

  test('that throws when called', async () => {
    const { broken, next } = await turnWith(name, () => {
      throw new RangeError('out of cheese');
    });
    expect(broken.error?.message).toBe(`${name} failed: out of cheese`);
    expect(next.outcome).toBe('completed');
  });

  test('that yields the wrong type', async () => {
    const { broken, next } = await turnWith(name, async function* () {
      yield { wrong: 7 };
    });
    expect(broken.outcome).toBe('failed');
    expect(broken.error).toMatchObject({ code: 'node-type', message: expect.stringContaining(`${name} must yield`) });
    expect(next.outcome).toBe('completed');
  });

  test('that returns something that is no stream', async () => {
    const { broken, next } = await turnWith(name, () => 'words');
    expect(broken.error).toMatchObject({ code: 'node-type', message: expect.stringContaining(name) });
    expect(next.outcome).toBe('completed');
  });
});

describe('a node that never ends', () => {
  test('is given up and named', async () => {
    let hangs = true;
    const user = await converse({
      agent: agent({
        id: 'host',
        instructions: '',
        async *llmNode() {
          if (hangs) await new Promise(() => {});
          yield 'Here I am.';
        },
      }),
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const turnId = user.send('Hello.');
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(60_000);
      expect(user.eventsOf('turn_ended', turnId)).toHaveLength(1);
    });
    vi.useRealTimers();
    expect((await user.outcome(turnId)).error).toMatchObject({
      code: 'node-stalled',
      message: expect.stringContaining('llmNode'),
    });
    hangs = false;
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', reply: 'Here I am.' });
  });

  test('does not hold up an interruption', async () => {
    const user = await converse({
      agent: agent({
        id: 'host',
        instructions: '',
        async *llmNode() {
          yield 'Once upon a time. ';
          await new Promise(() => {});
        },
      }),
    });
    const turnId = user.send('A story.');
    await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
    user.session.interrupt();
    expect((await user.outcome(turnId)).outcome).toBe('interrupted');
  });

  test('what it yields after the abort goes nowhere', async () => {
    const late = Promise.withResolvers<void>();
    let calls = 0;
    const user = await converse({
      agent: agent({
        id: 'host',
        instructions: '',
        async *llmNode() {
          if (++calls > 1) return yield 'The next reply.';
          yield 'Once upon a time. ';
          await late.promise;
          yield 'Too late.';
        },
      }),
    });
    const turnId = user.send('A story.');
    await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
    user.session.interrupt();
    await user.outcome(turnId);
    late.resolve();
    expect(await user.type('Next.')).toMatchObject({ outcome: 'completed', reply: 'The next reply.' });
    expect(JSON.stringify(user.events.map((event) => ('text' in event ? event.text : '')))).not.toContain('Too late.');
    expect(JSON.stringify(user.session.history)).not.toContain('Too late.');
  });
});
