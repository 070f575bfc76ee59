import { expect, it } from 'vitest';
import { RealtimeAnswer, truncation } from '../../../src-main/providers/openai/realtime-answer.ts';

const first = { itemId: 'first', contentIndex: 0, samples: 24_000 };
const second = { itemId: 'second', contentIndex: 1, samples: 12_000 };

it.each([
  [0, [{ delete: 'first' }, { delete: 'second' }]],
  [1, [{ truncate: 'first', ms: 0 }, { delete: 'second' }]],
  [12_000, [{ truncate: 'first', ms: 500 }, { delete: 'second' }]],
  [24_000, [{ delete: 'second' }]],
  [30_011, [{ truncate: 'second', ms: 250 }]],
  [36_000, []],
])('forgets what lies behind sample %i', (heard, expected) => {
  const events = truncation([first, second], heard).map(({ type, item_id: item, audio_end_ms: ms }) =>
    type === 'conversation.item.delete' ? { delete: item } : { truncate: item, ms },
  );
  expect(events).toEqual(expected);
});

it('forgets what an answer that was broken off may have said besides what came', () => {
  expect(truncation([first, second], 36_000, true)).toEqual([
    { type: 'conversation.item.truncate', item_id: 'second', content_index: 1, audio_end_ms: 500 },
  ]);
  expect(truncation([first], 24_001, true)).toMatchObject([{ item_id: 'first', audio_end_ms: 1_000 }]);
});

it('that the server breaks off before a word is a failure; that we did is none', () => {
  const broken = (cancelled: boolean) => {
    const answer = new RealtimeAnswer();
    answer.cancelled = cancelled;
    answer.take({ type: 'response.created', response: { id: 'r' } });
    answer.take({ type: 'response.done', response: { id: 'r', status: 'cancelled' } });
    return answer.done;
  };
  expect(broken(true)).toBe(true);
  expect(() => broken(false)).toThrow(expect.objectContaining({ code: 'empty-answer' }));
});

it('joins samples that were split between two events', () => {
  const answer = new RealtimeAnswer();
  answer.take({ type: 'response.created', response: { id: 'r' } });
  const bytes = Buffer.from(Int16Array.from([1, -2, 3]).buffer);
  const delta = (part: Buffer) =>
    answer.take({
      type: 'response.output_audio.delta',
      response_id: 'r',
      item_id: 'i',
      delta: part.toString('base64'),
    });
  const outputs = [...delta(bytes.subarray(0, 3)), ...delta(bytes.subarray(3))];
  expect(outputs.flatMap((output) => (output.type === 'audio' ? [...output.frame.samples] : []))).toEqual([1, -2, 3]);
});

it('takes no part in answers of others', () => {
  const answer = new RealtimeAnswer();
  answer.take({ type: 'response.created', response: { id: 'mine' } });
  const other = { response_id: 'other', item_id: 'i', delta: 'words' };
  expect(answer.take({ type: 'response.output_text.delta', ...other })).toEqual([]);
  answer.take({ type: 'response.done', response: { id: 'other', status: 'completed' } });
  expect(answer.done).toBe(false);
});

it('reads the older names of events too', () => {
  const answer = new RealtimeAnswer();
  answer.take({ type: 'response.created', response: { id: 'r' } });
  const words = answer.take({ type: 'response.audio_transcript.delta', response_id: 'r', item_id: 'i', delta: 'Hi' });
  expect(words).toEqual([{ type: 'text', text: 'Hi' }]);
  const delta = Buffer.from(Int16Array.from([7]).buffer).toString('base64');
  expect(answer.take({ type: 'response.audio.delta', response_id: 'r', item_id: 'i', delta })).toMatchObject([
    { type: 'audio', frame: { samples: Int16Array.from([7]) } },
  ]);
});
