/** Nodes that misbehave: each is a clear error of the turn, which names the node, and the next turn works. */
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { Agent } from '../../../src-main/conversation/agent.ts';
import type { Phase } from '../../../src-main/conversation/turn.ts';
import type { ModelStage } from '../../../src-main/speech/call.ts';
import { type Conversation, type ToldTurn, withHost } from '../../support/conversation.ts';
import { startRealtimeServer } from '../../support/realtime-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { modelAt, realtimeServerAt } from '../realtime/calls.ts';

afterEach(() => vi.useRealTimers());

const spoken = await speech('What time is it in Lisbon?');

/** What each node may yield. */
const RIGHT = {
  sttNode: 'What time',
  llmNode: 'Once upon a time. ',
  ttsNode: { samples: new Int16Array(480), sampleRate: 24_000 },
  transcriptionNode: 'Once upon a time. ',
  realtimeAudioOutputNode: { samples: new Int16Array(480), sampleRate: 24_000 },
};
type Node = keyof typeof RIGHT;
/** Where the turn stands, and which models have done their part, when each of them never ends. */
const WAITING: Record<Node, { phase: Phase; stages: readonly ModelStage[] }> = {
  sttNode: { phase: 'transcribing', stages: [] },
  llmNode: { phase: 'thinking', stages: ['stt'] },
  ttsNode: { phase: 'thinking', stages: ['stt', 'llm'] },
  transcriptionNode: { phase: 'thinking', stages: ['stt', 'llm', 'tts'] },
  realtimeAudioOutputNode: { phase: 'thinking', stages: ['stt', 'llm'] },
};
/** What is told when each of them has yielded something. */
const FIRST_SIGN = {
  sttNode: 'user_input_transcribed',
  llmNode: 'agent_text_generated',
  ttsNode: 'agent_audio_generated',
  transcriptionNode: 'agent_text_generated',
  realtimeAudioOutputNode: 'agent_audio_generated',
} as const;
const NODES = Object.keys(RIGHT) as Node[];

interface BrokenHost {
  readonly user: Conversation;
  /** From now on the node does what it does by default. */
  mend(): void;
}

/** A host with one node replaced. */
async function hostWith(name: Node, node: () => unknown): Promise<BrokenHost> {
  let breaks = true;
  const part = (self: Agent, ...args: unknown[]) => {
    if (breaks) return node();
    return (Agent.default[name] as (...given: unknown[]) => unknown)(self, ...args);
  };
  const realtime = name === 'realtimeAudioOutputNode' ? { realtime: await realtimeModel() } : {};
  const user = await withHost({ [name]: part }, { transcript: 'What time is it?', reply: 'It is noon.', ...realtime });
  return {
    user,
    mend() {
      breaks = false;
    },
  };
}

async function realtimeModel() {
  const server = await startRealtimeServer();
  onTestFinished(() => server.close());
  return modelAt(realtimeServerAt(server.baseUrl));
}

/** A turn with the node replaced, and the turn after it with the node as it should be. */
async function turnWith(name: Node, node: () => unknown): Promise<{ broken: ToldTurn; next: ToldTurn }> {
  const { user, mend } = await hostWith(name, node);
  const broken = await user.say(spoken);
  mend();
  return { broken, next: await user.say(spoken) };
}

describe.each(NODES)('%s', (name) => {
  test('that throws midway', async () => {
    const { broken, next } = await turnWith(name, async function* () {
      yield RIGHT[name];
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

  test.each([
    [
      'never ends',
      async function* () {
        yield RIGHT[name];
        await new Promise(() => {});
      },
    ],
    ['never begins', () => new Promise(() => {})],
  ])('that %s is given up and named', async (_, node) => {
    const { user, mend } = await hostWith(name, node);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const turnId = user.press();
    user.speak(concatSamples([spoken, quiet(400)]));
    user.release();
    // Time goes by only once nothing but the node is waited for.
    const { phase, stages } = WAITING[name];
    await user.until(() => user.eventsOf('phase_changed', turnId).some((changed) => changed.phase === phase));
    for (const stage of stages) {
      await user.until(() => user.eventsOf('usage_reported', turnId).some(({ usage }) => usage.stage === stage));
    }
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(10_000);
      expect(user.eventsOf('turn_ended', turnId)).toHaveLength(1);
    });
    vi.useRealTimers();
    const { outcome, error } = await user.outcome(turnId);
    expect([outcome, error?.code, error?.message]).toEqual(['failed', 'node-stalled', expect.stringContaining(name)]);
    mend();
    expect(await user.say(spoken)).toMatchObject({ outcome: 'completed', error: null });
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

  test('that yields the wrong type, and fails to clean up after itself', async () => {
    const { broken, next } = await turnWith(name, () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 7 }),
        return() {
          throw new Error('nothing to return');
        },
      }),
    }));
    expect(broken.error).toMatchObject({ code: 'node-type', message: expect.stringContaining(name) });
    expect(next.outcome).toBe('completed');
  });

  test('that yields for ever, without a pause, can be stopped', async () => {
    const { user, mend } = await hostWith(name, async function* () {
      while (true) yield RIGHT[name];
    });
    const turnId = user.press();
    user.speak(concatSamples([spoken, quiet(400)]));
    user.release();
    await user.until(() => user.eventsOf(FIRST_SIGN[name], turnId)[0]);
    // Whoever stops it comes from outside, when it lets others run.
    await new Promise((resolve) => setImmediate(resolve));
    user.session.cancel();
    expect((await user.outcome(turnId)).outcome).toMatch(/cancelled|interrupted/);
    mend();
    expect(await user.say(spoken)).toMatchObject({ outcome: 'completed', error: null });
  });

  test('that returns something that is no stream', async () => {
    const { broken, next } = await turnWith(name, () => 'words');
    expect(broken.error).toMatchObject({ code: 'node-type', message: expect.stringContaining(name) });
    expect(next.outcome).toBe('completed');
  });
});

describe('a node that never ends', () => {
  test('does not hold up an interruption', async () => {
    const user = await withHost({
      async *llmNode() {
        yield 'Once upon a time. ';
        await new Promise(() => {});
      },
    });
    const turnId = user.send('A story.');
    await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
    user.session.interrupt();
    expect((await user.outcome(turnId)).outcome).toBe('interrupted');
  });

  test('what it yields after the abort goes nowhere', async () => {
    const late = Promise.withResolvers<void>();
    let calls = 0;
    const user = await withHost({
      async *llmNode() {
        if (++calls > 1) return yield 'The next reply.';
        yield 'Once upon a time. ';
        await late.promise;
        yield 'Too late.';
      },
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

test.each([
  ['no list'],
  [[null]],
  [[{ name: 'clock', arguments: '{}' }]],
  [[{ callId: '1', name: 'clock', arguments: {} }]],
])('llmNode that yields calls as %j', async (toolCalls) => {
  const { broken, next } = await turnWith('llmNode', async function* () {
    yield { text: '', toolCalls };
  });
  expect(broken.error).toMatchObject({ code: 'node-type', message: expect.stringContaining('toolCalls') });
  expect(next.outcome).toBe('completed');
});
