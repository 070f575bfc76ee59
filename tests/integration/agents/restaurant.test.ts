/** Visits to the restaurant: who says what in which voice, and what is noted of the guest. */
import { expect, test } from 'vitest';
import { Greeter, newVisit } from '../../../src-main/agents/restaurant.ts';
import { type Conversation, converse } from '../../support/conversation.ts';
import type { Reply } from '../../support/provider-server.ts';

/** A model that answers as it is told, one answer per request. */
function scripted(replies: readonly Reply[]): () => Reply {
  const left = [...replies];
  return () => left.shift() ?? 'There is nothing left in the script.';
}

const call = (name: string, args: Record<string, unknown> = {}): Reply => ({ toolCalls: [{ name, arguments: args }] });

/** What was to be heard, with the voice that speaks it. */
function heardFrom({ server }: Conversation): [voice: string, words: string][] {
  const lines: [string, string][] = [];
  for (const { json } of server.requests('tts')) {
    const [voice, words] = [String(json?.voice), String(json?.input)];
    const last = lines.at(-1);
    if (last?.[0] === voice) last[1] += ` ${words}`;
    else lines.push([voice, words]);
  }
  return lines;
}

test('a guest is greeted, orders takeaway and pays: four handovers, one record of the visit', async () => {
  const visit = newVisit();
  const guest = await converse({
    agent: new Greeter(),
    userData: visit,
    reply: scripted([
      'Welcome. A table or takeaway?',
      call('to_takeaway'),
      'Takeaway here. What would you like?',
      call('update_order', { items: ['pizza', 'coffee'] }),
      'A pizza and a coffee. Is that all?',
      call('to_checkout'),
      'That is twelve dollars. Agreed?',
      call('confirm_price', { dollars: 12 }),
      'Your card, please.',
      call('update_card', { number: '4111', expiry: '12/30', cvv: '123' }),
      'Shall I charge it?',
      call('confirm_checkout'),
      'Thank you. Anything else?',
    ]),
  });

  expect(await guest.start()).toMatchObject({ outcome: 'completed', reply: 'Welcome. A table or takeaway?' });
  expect((await guest.type('I would like to order.')).reply).toBe('Takeaway here. What would you like?');
  expect((await guest.type('A pizza and a coffee.')).reply).toBe('A pizza and a coffee. Is that all?');
  expect((await guest.type('Yes.')).reply).toBe('That is twelve dollars. Agreed?');
  expect((await guest.type('Agreed.')).reply).toBe('Your card, please.');
  expect((await guest.type('4111, December 2030, 123.')).reply).toBe('Shall I charge it?');
  expect((await guest.type('Please.')).reply).toBe('Thank you. Anything else?');

  expect(guest.steps).toEqual([
    'to_takeaway',
    '→ restaurant-takeaway',
    'update_order',
    'to_checkout',
    '→ restaurant-checkout',
    'confirm_price',
    'update_card',
    'confirm_checkout',
    '→ restaurant',
  ]);
  expect(visit).toEqual({
    ...newVisit(),
    order: ['pizza', 'coffee'],
    confirmedPrice: 12,
    card: expect.anything(),
    checkedOut: true,
  });
  expect(heardFrom(guest)).toEqual([
    ['alloy', 'Welcome. A table or takeaway?'],
    ['ash', 'Takeaway here. What would you like? A pizza and a coffee. Is that all?'],
    ['shimmer', 'That is twelve dollars. Agreed? Your card, please. Shall I charge it?'],
    ['alloy', 'Thank you. Anything else?'],
  ]);
});

test('a table is reserved by a colleague with a voice of her own, who notes what she is told', async () => {
  const visit = newVisit();
  const guest = await converse({
    agent: new Greeter(),
    userData: visit,
    reply: scripted([
      'Welcome.',
      call('to_reservation'),
      'For when, and for whom?',
      {
        toolCalls: [
          { name: 'update_name', arguments: { name: 'Ada' } },
          { name: 'update_phone', arguments: { phone: '555 0100' } },
          { name: 'update_reservation_time', arguments: { time: 'eight' } },
        ],
      },
      'At eight, for Ada. Right?',
      call('confirm_reservation'),
      'See you at eight.',
    ]),
  });
  await guest.start();
  await guest.type('A table, please.');
  await guest.type('At eight, for Ada, 555 0100.');
  expect((await guest.type('Right.')).reply).toBe('See you at eight.');
  expect(visit).toMatchObject({ name: 'Ada', phone: '555 0100', reservationTime: 'eight' });
  expect(heardFrom(guest)).toEqual([
    ['alloy', 'Welcome.'],
    ['coral', 'For when, and for whom? At eight, for Ada. Right?'],
    ['alloy', 'See you at eight.'],
  ]);
});

test('a colleague who takes over knows what was said and noted, and is told to speak first', async () => {
  const guest = await converse({
    agent: new Greeter(),
    userData: { ...newVisit(), name: 'Ada' },
    reply: scripted(['Welcome.', call('to_reservation'), 'For when, Ada?']),
  });
  await guest.start();
  await guest.type('A table for two, please.');
  const [system, ...said] = guest.prompts[2] ?? [];
  expect(system?.content).toMatch(/^You take reservations.*You take over now and speak first/s);
  const known = expect.stringMatching(/^Known of the guest: .*"name":"Ada"/);
  const heard = ['Welcome.', 'A table for two, please.', null, 'Handed over.', known];
  expect(said.map(({ content }) => content)).toEqual(heard);
  await guest.type('For eight.');
  const later = guest.prompts[3]?.slice(1).map(({ content }) => content);
  expect(later).toEqual([...heard, 'For when, Ada?', 'For eight.']);
});

test('a reservation without a name is refused, and the model is told why', async () => {
  const guest = await converse({
    agent: new Greeter(),
    userData: newVisit(),
    reply: scripted([
      'Welcome.',
      call('to_reservation'),
      'For when?',
      call('confirm_reservation'),
      'Your name, please.',
    ]),
  });
  await guest.start();
  await guest.type('A table.');
  expect((await guest.type('At eight. That is all.')).reply).toBe('Your name, please.');
  expect(guest.prompts.at(-1)?.at(-1)).toMatchObject({
    role: 'tool',
    content: 'Ask for the name and the phone number first.',
  });
  expect(guest.session.currentAgent.id).toBe('restaurant-reservation');
});

test('nobody is sent to checkout without an order', async () => {
  const guest = await converse({
    agent: new Greeter(),
    userData: newVisit(),
    reply: scripted([
      'Welcome.',
      call('to_takeaway'),
      'What would you like?',
      call('to_checkout'),
      'First, your order.',
    ]),
  });
  await guest.start();
  await guest.type('Takeaway.');
  expect((await guest.type('That is all.')).reply).toBe('First, your order.');
  expect(guest.prompts.at(-1)?.at(-1)).toMatchObject({ role: 'tool', content: 'There is no order yet.' });
  expect(guest.session.currentAgent.id).toBe('restaurant-takeaway');
});

test('whoever orders something else, before paying or after, is asked for its price', async () => {
  const visit = { ...newVisit(), order: ['salad'], confirmedPrice: 5, checkedOut: true };
  const guest = await converse({
    agent: new Greeter(),
    userData: visit,
    reply: scripted([
      'Welcome back.',
      call('to_takeaway'),
      'What would you like?',
      call('update_order', { items: ['pizza'] }),
      'A pizza.',
      call('to_checkout'),
      'That is ten dollars. Agreed?',
      call('confirm_checkout'),
      'Do you agree with ten dollars?',
    ]),
  });
  await guest.start();
  await guest.type('Takeaway.');
  await guest.type('A pizza.');
  await guest.type('That is all.');
  expect((await guest.type('Charge my card.')).reply).toBe('Do you agree with ten dollars?');
  expect(guest.prompts.at(-1)?.at(-1)).toMatchObject({ role: 'tool', content: 'Confirm the price first.' });
  expect(visit).toMatchObject({ order: ['pizza'], confirmedPrice: null, checkedOut: false });
});
