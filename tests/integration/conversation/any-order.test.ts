/** Whatever is asked of a session, in whatever order and at whatever moment: its promises hold. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Agent, agent } from '../../../src-main/conversation/agent.ts';
import type { SessionEvent } from '../../../src-main/conversation/events.ts';
import type { SpeechHandle } from '../../../src-main/conversation/speech-handle.ts';
import { StopResponse, tool } from '../../../src-main/conversation/tool.ts';
import type { ChatItem } from '../../../src-main/speech/llm/chat.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { converse, type SentMessage } from '../../support/conversation.ts';
import { quiet, speech } from '../../support/speech.ts';

const STEPS = 100;
const spoken = (await speech('What time is it in Lisbon?')).subarray(0, 24_000);

const strays: unknown[] = [];
const stray = (thrown: unknown) => void strays.push(thrown);
beforeEach(() => void process.on('unhandledRejection', stray).on('uncaughtException', stray));
afterEach(() => void process.off('unhandledRejection', stray).off('uncaughtException', stray));

/** Numbers from 0 to 1, the same for the same seed; what they decide also depends on how fast the machine is. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each([1, 2])(
  'a session of many surprises ends every turn once, and its log is whole (dice %i)',
  async (seed) => {
    const roll = dice(seed);
    const oneOf = <T>(choices: readonly T[]): T => choices[Math.floor(roll() * choices.length)] as T;
    const perhaps = (share: number) => roll() < share;
    const handles: SpeechHandle[] = [];
    let nextAgent = 1;

    const makeAgent = (): Agent =>
      agent({
        id: `agent-${nextAgent++}`,
        instructions: 'Be brief.',
        async onEnter(self) {
          if (perhaps(0.3)) handles.push(self.session.say('Here I am.'));
          if (perhaps(0.05)) throw new Error('no way in');
        },
        async onExit(self) {
          if (perhaps(0.3)) handles.push(self.session.say('Goodbye.'));
          if (perhaps(0.1)) self.session.updateAgent(makeAgent()).catch(() => {});
          if (perhaps(0.05)) throw new Error('no way out');
        },
        async onUserTurnCompleted(self, turnCtx) {
          if (perhaps(0.2)) turnCtx.addMessage({ role: 'system', content: 'It is noon.' });
          if (perhaps(0.1)) handles.push(self.session.say('Hm. ', { addToChatCtx: perhaps(0.5) }));
          if (perhaps(0.05)) handles.push(self.session.generateReply());
          if (perhaps(0.05)) await self.session.updateAgent(makeAgent()).catch(() => {});
          if (perhaps(0.05)) self.session.interrupt();
          if (perhaps(0.05)) self.session.clearUserTurn();
          if (perhaps(0.1)) await wait(roll() * 10);
          if (perhaps(0.1)) throw new StopResponse('not today');
          if (perhaps(0.05)) throw new Error('no hook');
        },
        tools: [
          tool({
            name: 'look_up',
            description: '',
            async execute(_, { session }) {
              if (perhaps(0.3)) handles.push(session.say('One moment.'));
              await wait(roll() * 30);
              return 'noon';
            },
          }),
          tool({ name: 'hand_over', description: '', execute: () => ({ agent: makeAgent(), result: 'Done.' }) }),
        ],
      });

    const home = temporaryHome();
    const { log, faults } = openLog(home);
    const user = await converse({
      agent: makeAgent(),
      log,
      transcript: 'What time is it?',
      reply: (messages) => {
        if (messages.at(-1)?.role === 'tool' || perhaps(0.6)) return 'It is noon. The sun is high above the town.';
        return {
          content: oneOf(['', 'Let me see. ']),
          toolCalls: [{ name: oneOf(['look_up', 'hand_over']), arguments: {} }],
        };
      },
      latencies: { stt: 10, llm: 10, tts: 10 },
    });
    const { session } = user;
    await user.start().catch(() => {});

    const refused = (work: () => unknown) => {
      try {
        void Promise.resolve(work()).catch(() => {});
      } catch {}
    };
    const steps: Record<string, () => unknown> = {
      press: () => void user.press(),
      speak: () => 'takeId' in session.state && user.speak(spoken),
      silence: () => 'takeId' in session.state && user.speak(quiet(300)),
      release: () => user.release(),
      tap: () => {
        user.press();
        const { state } = session;
        if ('takeId' in state) session.release({ takeId: state.takeId, heldMs: 50, lost: false });
      },
      send: () => void user.send('Hello?'),
      interrupt: () => session.interrupt(),
      cancel: () => session.cancel(),
      say: () => handles.push(session.say(oneOf(['By the way.', 'One. Two. Three.']), { addToChatCtx: perhaps(0.7) })),
      generateReply: () =>
        handles.push(
          session.generateReply(
            perhaps(0.5) ? { userInput: 'And now?' } : { toolChoice: oneOf(['none', 'auto', 'required']) },
          ),
        ),
      commit: () => session.commitUserTurn({ reply: perhaps(0.6) }),
      clear: () => session.clearUserTurn(),
      updateAgent: () => session.updateAgent(makeAgent()),
      chaos: () =>
        user.server.setChaos([
          { stage: oneOf(['stt', 'llm', 'tts']), kind: oneOf(['malformed', 'disconnect']), times: 1 },
        ]),
      hold: () => user.hearNoFurther(oneOf([0, 2_400, 24_000])),
      hearOn: () => user.hearOn(),
    };
    const names = Object.keys(steps);
    const rest = async () => {
      if (perhaps(0.8)) {
        user.hearOn();
        user.server.setChaos();
      }
      await Promise.race([wait(400), user.until(() => session.state.phase === 'idle')]);
    };
    const turn = async () => {
      refused(() => user.press());
      refused(() => user.speak(spoken));
      await wait(roll() * 60);
      user.release();
      await rest();
    };
    for (let step = 0; step < STEPS; step++) {
      refused(steps[oneOf(names)] as () => unknown);
      if (perhaps(0.6)) await wait(roll() < 0.7 ? roll() * 20 : roll() * 120);
      if (perhaps(0.15)) await rest();
      if (perhaps(0.1)) await turn();
    }
    user.hearOn();
    if (seed % 2 === 0) {
      session.cancel();
      await user.until(() => session.state.phase === 'idle' && openTurns(user.events) === 0);
    }
    await session.close();

    expect([session.state.phase, session.userState, session.agentState]).toEqual(['idle', 'idle', 'idle']);
    await Promise.allSettled(handles.map((handle) => handle.waitForPlayout()));
    checkTurns(user.events);
    checkContext(session.history.items);
    checkContext(session.currentAgent.chatCtx.items);
    for (const prompt of user.prompts) checkPrompt(prompt);
    expect((await log.verify()).problems).toEqual([]);
    expect([...strays, ...faults]).toEqual([]);
  },
  60_000,
);

function openTurns(events: readonly SessionEvent[]): number {
  const count = (type: SessionEvent['type']) => events.filter((event) => event.type === type).length;
  return count('turn_started') - count('turn_ended');
}

/** Each begins, ends once, and nothing is told of it after that. */
function checkTurns(events: readonly SessionEvent[]): void {
  const turns = new Map<string, string[]>();
  for (const event of events) {
    if ('turnId' in event && event.turnId) turns.set(event.turnId, [...(turns.get(event.turnId) ?? []), event.type]);
  }
  expect(turns.size).toBeGreaterThan(STEPS / 10);
  for (const [id, types] of turns) {
    expect([types[0], types.at(-1)], id).toEqual(['turn_started', 'turn_ended']);
    expect(
      types.filter((type) => type === 'turn_ended' || type === 'turn_started'),
      id,
    ).toHaveLength(2);
  }
  expect(events.at(-1)?.type).toBe('close');
}

/** Every call has its output and every output its call; nothing is there twice, or empty. */
function checkContext(items: readonly ChatItem[]): void {
  const callsOf = (type: ChatItem['type']) =>
    items.flatMap((item) => (item.type === type && 'callId' in item ? [item.callId] : []));
  expect(callsOf('function_call_output').toSorted()).toEqual(callsOf('function_call').toSorted());
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  for (const item of items) if (item.type === 'message') expect(item.content.join('')).not.toBe('');
}

function checkPrompt(prompt: readonly SentMessage[]): void {
  const asked = prompt.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));
  const answered = prompt.flatMap(({ tool_call_id }) => (tool_call_id === undefined ? [] : [tool_call_id]));
  expect(answered).toEqual(asked);
  for (const { role, content, tool_calls } of prompt) if (role !== 'tool' && !tool_calls) expect(content).not.toBe('');
}
