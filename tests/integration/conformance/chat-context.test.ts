/** The chat context: what an agent and its model know of a conversation. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import type { ChatItem, ChatMessage } from '../../../src-main/speech/llm/chat.ts';

const base64 = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'));
const stamp = { id: fc.uuid(), createdAt: fc.nat() };
const content = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.record({ type: fc.constant('image' as const), mimeType: fc.constantFrom('image/png', 'image/jpeg'), base64 }),
  fc.record({ type: fc.constant('audio' as const), base64, transcript: fc.option(fc.string()) }),
);
const item: fc.Arbitrary<ChatItem> = fc.oneof(
  fc.record(
    {
      type: fc.constant('message' as const),
      ...stamp,
      role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
      content: fc.array(content),
      interrupted: fc.boolean(),
    },
    { requiredKeys: ['type', 'id', 'createdAt', 'role', 'content'] },
  ),
  fc.record({
    type: fc.constant('function_call' as const),
    ...stamp,
    callId: fc.constantFrom('call-1', 'call-2', 'call-3'),
    name: fc.string(),
    arguments: fc.string(),
  }),
  fc.record({
    type: fc.constant('function_call_output' as const),
    ...stamp,
    callId: fc.constantFrom('call-1', 'call-2', 'call-3'),
    name: fc.string(),
    output: fc.string(),
    isError: fc.boolean(),
  }),
  fc.record({ type: fc.constant('agent_handoff' as const), ...stamp, from: fc.option(fc.string()), to: fc.string() }),
  fc.record({ type: fc.constant('instructions_change' as const), ...stamp, instructions: fc.string() }),
);
const items = fc.uniqueArray(item, { selector: ({ id }) => id, maxLength: 20 });

const message = (text: string, role: ChatMessage['role'] = 'user', createdAt = 0): ChatMessage => ({
  type: 'message',
  id: text,
  createdAt,
  role,
  content: [text],
});
const ids = (context: ChatContext) => context.items.map(({ id }) => id);

describe('JSON', () => {
  test('round-trips with nothing left out', () => {
    fc.assert(
      fc.property(items, (all) => {
        const context = new ChatContext(all);
        const again = ChatContext.fromJSON(JSON.parse(JSON.stringify(context.toJSON())));
        expect(again.items).toEqual(all);
      }),
    );
  });

  test('leaves out what it is asked to, and that alone', () => {
    fc.assert(
      fc.property(items, (all) => {
        const { items: kept } = new ChatContext(all).toJSON({ excludeFunctionCall: true, excludeHandoff: true });
        expect(kept).toEqual(all.filter(({ type }) => !type.startsWith('function_call') && type !== 'agent_handoff'));
      }),
    );
  });

  test('of another shape is refused with the place where it differs', () => {
    const wrong = { items: [{ ...message('One.'), role: 'robot' }] };
    expect(() => ChatContext.fromJSON(wrong)).toThrow(/items\.0\.role/);
  });
});

describe('copy', () => {
  test('is independent: adding, removing and editing change the copy alone', () => {
    const context = new ChatContext([message('One.'), message('Two.')]);
    const copy = context.copy();
    copy.addMessage({ role: 'assistant', content: 'Three.' });
    copy.remove('One.');
    (copy.getById('Two.') as ChatMessage).content.push('More.');
    expect(context.items).toEqual([message('One.'), message('Two.')]);
  });

  test('can leave out images, sound and instructions', () => {
    const image = { type: 'image' as const, mimeType: 'image/png', base64: 'AAAA' };
    const audio = { type: 'audio' as const, base64: 'AAAA', transcript: 'Hello.' };
    const context = new ChatContext([
      message('Be brief.', 'system'),
      { ...message('Look.'), content: ['Look.', image, audio] },
    ]);
    const copy = context.copy({ excludeInstructions: true, excludeImage: true, excludeAudio: true });
    expect(copy.items).toEqual([message('Look.')]);
  });

  test('can leave out messages in which nothing is, or nothing is left', () => {
    const image = { type: 'image' as const, mimeType: 'image/png', base64: 'AAAA' };
    const pictures = { ...message('Pictures.'), content: [image] };
    const context = new ChatContext([{ ...message('Empty.'), content: [] }, pictures, message('Hello.')]);
    expect(ids(context.copy({ excludeEmptyMessage: true }))).toEqual(['Pictures.', 'Hello.']);
    expect(ids(context.copy({ excludeEmptyMessage: true, excludeImage: true }))).toEqual(['Hello.']);
  });
});

describe('insert', () => {
  test('puts items where their time belongs, those of the same time in their order', () => {
    const context = new ChatContext([message('a', 'user', 10), message('d', 'user', 30)]);
    context.insert([message('b', 'user', 20), message('c', 'user', 20)]);
    context.insert(message('e', 'user', 40));
    expect(ids(context)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('is what addMessage does that is told a time', () => {
    const context = new ChatContext([message('a', 'user', 10), message('d', 'user', 30)]);
    const added = context.addMessage({ role: 'user', content: 'b', createdAt: 20 });
    expect(context.items[1]).toBe(added);
    expect(added.createdAt).toBe(20);
  });
});

describe('remove', () => {
  test('takes an item or its id, and leaves the rest when there is none', () => {
    const context = new ChatContext([message('a'), message('b'), message('c')]);
    context.remove('a');
    context.remove(message('b'));
    context.remove('d');
    expect(ids(context)).toEqual(['c']);
  });
});

describe('isEquivalent', () => {
  test('is true of the same items in the same order, whenever they were made', () => {
    const context = new ChatContext([message('a', 'user', 10), message('b', 'assistant', 20)]);
    const later = new ChatContext([message('a', 'user', 11), message('b', 'assistant', 21)]);
    expect(context.isEquivalent(later)).toBe(true);
    expect(context.isEquivalent(context.copy())).toBe(true);
  });

  test('is false of any other', () => {
    const context = new ChatContext([message('a'), message('b')]);
    const cut: ChatItem = { ...message('b'), interrupted: true };
    for (const items of [[message('b'), message('a')], [message('a')], [message('a'), cut]]) {
      expect(context.isEquivalent(new ChatContext(items))).toBe(false);
    }
  });
});

describe('truncate', () => {
  test('keeps the newest items, and the instructions besides', () => {
    const context = new ChatContext([message('Be brief.', 'system'), message('1'), message('2'), message('3')]);
    expect(context.truncate(2)).toBe(context);
    expect(ids(context)).toEqual(['Be brief.', '2', '3']);
  });

  test('keeps no output whose call was cut', () => {
    fc.assert(
      fc.property(items, fc.nat(20), (all, most) => {
        const context = new ChatContext(all);
        context.truncate(most);
        const calls = context.items.flatMap((kept) => (kept.type === 'function_call' ? [kept.callId] : []));
        for (const kept of context.items) {
          if (kept.type === 'function_call_output') expect(calls).toContain(kept.callId);
        }
        expect(context.items.filter((kept) => kept.type === 'message' && kept.role === 'system')).toEqual(
          all.filter((one) => one.type === 'message' && one.role === 'system'),
        );
      }),
    );
  });
});

describe('merge', () => {
  test('takes in what is new, where its time belongs, once', () => {
    const context = new ChatContext([message('a', 'user', 10), message('c', 'user', 30)]);
    const other = new ChatContext([message('a', 'user', 10), message('b', 'user', 20)]);
    expect(context.merge(other)).toBe(context);
    context.merge(other);
    expect(ids(context)).toEqual(['a', 'b', 'c']);
  });

  test('of any two knows every item of both, once', () => {
    fc.assert(
      fc.property(items, items, (one, two) => {
        const context = new ChatContext(one);
        context.merge(new ChatContext(two));
        expect(new Set(ids(context))).toEqual(new Set([...one, ...two].map(({ id }) => id)));
        expect(ids(context)).toHaveLength(new Set(ids(context)).size);
      }),
    );
  });
});
