/** Agents that override several nodes at once, as a class, as a class of a class, and as functions. */
import { expect, test } from 'vitest';
import type { AudioFrame } from '../../../src-main/audio/frame.ts';
import { Agent, agent } from '../../../src-main/conversation/agent.ts';
import type { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import type { NodeSettings } from '../../../src-main/conversation/node.ts';
import type { Tool } from '../../../src-main/conversation/tool.ts';
import { converse } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

const spoken = await speech('What time is it in Lisbon?');
const SERVED = { transcript: 'What time is it?', reply: 'It is noon.' };

interface Call {
  readonly node: string;
  readonly turnId: string;
}

class Noting extends Agent {
  readonly calls: Call[] = [];

  override sttNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings) {
    this.note('sttNode', settings);
    return Agent.default.sttNode(this, audio, settings);
  }

  override llmNode(chatCtx: ChatContext, tools: readonly Tool[], settings: NodeSettings) {
    this.note('llmNode', settings);
    return super.llmNode(chatCtx, tools, settings);
  }

  override async *ttsNode(text: AsyncIterable<string>, settings: NodeSettings) {
    this.note('ttsNode', settings);
    yield* Agent.default.ttsNode(this, text, settings) ?? [];
  }

  override async transcriptionNode(text: AsyncIterable<string>, settings: NodeSettings) {
    this.note('transcriptionNode', settings);
    return Agent.default.transcriptionNode(this, text, settings);
  }

  protected note(node: string, { turnId }: NodeSettings): void {
    this.calls.push({ node, turnId });
  }
}

/** Speaks in capitals besides. */
class Loud extends Noting {
  override transcriptionNode(text: AsyncIterable<string>, settings: NodeSettings) {
    return super.transcriptionNode(capitals(text), settings);
  }
}

async function* capitals(text: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const piece of text) yield piece.toUpperCase();
}

const NODES = ['llmNode', 'sttNode', 'transcriptionNode', 'ttsNode'];

test('a class may override every node of the pipeline, each calls its default, and all are told the turn’s id', async () => {
  const noting = new Noting({ id: 'noting', instructions: '' });
  const user = await converse({ agent: noting, ...SERVED });
  const turn = await user.say(spoken);
  expect(turn).toMatchObject({
    outcome: 'completed',
    user: 'What time is it?',
    reply: 'It is noon.',
    heard: 'It is noon.',
  });
  expect(noting.calls.map(({ node }) => node).toSorted()).toEqual(NODES);
  expect(new Set(noting.calls.map(({ turnId }) => turnId))).toEqual(new Set([turn.id]));
});

test('a class of that class builds on its nodes', async () => {
  const loud = new Loud({ id: 'loud', instructions: '' });
  const user = await converse({ agent: loud, ...SERVED });
  expect(await user.say(spoken)).toMatchObject({ outcome: 'completed', reply: 'IT IS NOON.' });
  expect(user.spoken).toEqual(['It is noon.']);
  expect(loud.calls.map(({ node }) => node).toSorted()).toEqual(NODES);
});

test('functions do the same, and each is given the agent', async () => {
  const calls: Call[] = [];
  const note = (node: string, self: Agent, { turnId }: NodeSettings) =>
    calls.push({ node: `${self.id}.${node}`, turnId });
  const small = agent({
    id: 'small',
    instructions: '',
    sttNode(self, audio, settings) {
      note('sttNode', self, settings);
      return Agent.default.sttNode(self, audio, settings);
    },
    llmNode(self, chatCtx, tools, settings) {
      note('llmNode', self, settings);
      return Agent.default.llmNode(self, chatCtx, tools, settings);
    },
    async *ttsNode(self, text, settings) {
      note('ttsNode', self, settings);
      yield* Agent.default.ttsNode(self, text, settings) ?? [];
    },
    async transcriptionNode(self, text, settings) {
      note('transcriptionNode', self, settings);
      return Agent.default.transcriptionNode(self, capitals(text), settings);
    },
  });
  const user = await converse({ agent: small, ...SERVED });
  const turn = await user.say(spoken);
  expect(turn).toMatchObject({ outcome: 'completed', reply: 'IT IS NOON.' });
  expect(calls.map(({ node }) => node).toSorted()).toEqual(NODES.map((node) => `small.${node}`));
  expect(new Set(calls.map(({ turnId }) => turnId))).toEqual(new Set([turn.id]));
});
