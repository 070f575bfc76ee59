/** transcriptionNode, as LiveKit documents it: the words on their way to the user's eye. */
import { describe, expect, test } from 'vitest';
import { withHost } from '../../support/conversation.ts';

describe('transcriptionNode', () => {
  test('by default passes the words on as they are', async () => {
    const user = await withHost({}, { reply: 'Some *words* 🙂.' });
    expect((await user.type('Hello.')).reply).toBe('Some *words* 🙂.');
  });

  test('can clean the text up: the user is shown, and the conversation keeps, what it yields', async () => {
    const user = await withHost(
      {
        async *transcriptionNode(_self, text) {
          for await (const piece of text) yield piece.replaceAll('*', '');
        },
      },
      { reply: 'Some *words*.' },
    );
    expect(await user.type('Hello.')).toMatchObject({ reply: 'Some words.', heard: 'Some words.' });
    await user.type('Again.');
    expect(user.shown(1)).toContain('Some words.');
  });

  test('does not change what is spoken', async () => {
    const user = await withHost(
      {
        async *transcriptionNode(_self, text) {
          for await (const _ of text);
          yield '(a reply)';
        },
      },
      { reply: 'The words that are heard.' },
    );
    expect((await user.type('Hello.')).reply).toBe('(a reply)');
    expect(user.spoken).toEqual(['The words that are heard.']);
  });

  test('shows words while the model still writes', async () => {
    const reply = Array.from({ length: 30 }, (_, index) => `Sentence number ${index} is here.`).join(' ');
    const user = await withHost({}, { reply, latencies: { tokensPerSecond: 500 } });
    const turn = await user.type('Hello.');
    expect(user.eventsOf('agent_text_generated', turn.id).length).toBeGreaterThan(10);
    expect(turn.reply).toBe(reply);
  });

  test('null switches it off: nothing is shown, what is said is heard, and nothing empty is remembered', async () => {
    const user = await withHost({ transcriptionNode: () => null }, { reply: 'Only heard.' });
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', reply: '' });
    expect(user.spoken).toEqual(['Only heard.']);
    await user.type('Again.');
    expect(user.shown(1)).toEqual(['Hello.', 'Again.']);
  });

  test('applies to what is said by say, too', async () => {
    const user = await withHost({
      onEnter: async (self) => void self.session.say('Welcome.'),
      async *transcriptionNode(_self, text) {
        for await (const piece of text) yield piece.toUpperCase();
      },
    });
    expect((await user.start())?.reply).toBe('WELCOME.');
  });
});
