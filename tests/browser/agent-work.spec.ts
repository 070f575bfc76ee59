/** What an agent does besides speaking, as a developer sees it in the conversation: it is named, and why is told. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startRealtimeServer } from '../support/realtime-server.ts';
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';

const CALLS = [
  { name: 'update_name', arguments: { name: 'Ada' } },
  { name: 'update_phone', arguments: '{"phone": ' },
];

async function choose(page: Page, label: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Agent\./ }).selectOption({ label });
}

async function write(home: string, name: string, source: string): Promise<void> {
  await mkdir(join(home, 'agents'), { recursive: true });
  await writeFile(join(home, 'agents', `${name}.js`), source);
}

/** On the Agents screen, where it is then talked to. */
async function enable(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(name, 'i') }).click();
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByRole('button', { name: /^Talk to/ }).click();
}

test.describe('of the agents that ship', () => {
  test.use({
    contextOptions: { reducedMotion: 'reduce' },
    providerOptions: {
      reply: (messages) => {
        const told = JSON.stringify(messages);
        const asked = messages.at(-1)?.role === 'user' ? String(messages.at(-1)?.content) : '';
        if (asked.includes('table')) return { toolCalls: [{ name: 'to_reservation', arguments: {} }] };
        if (asked.includes('Ada')) return { content: 'I note that.', toolCalls: CALLS };
        if (asked.includes('How')) return { toolCalls: [{ name: 'recall_thinking', arguments: {} }] };
        if (told.includes('careful voice assistant')) return '<think>Twice seventeen.</think>It is thirty-four.';
        return 'Very well.';
      },
    },
  });

  test('who hands over to whom, and why a call failed', async ({ talk, page }) => {
    await choose(page, 'Restaurant');
    await expect(talk.turns.first()).toContainText('Very well.');
    await talk.idle();
    await talk.type('I would like a table.');
    await expect(talk.lastTurn()).toContainText('(Restaurant hands over to Restaurant reservation)');
    await expect(talk.lastTurn()).toContainText('Very well.');
    await talk.idle();
    await expect(page.getByRole('combobox', { name: /^Agent\./ }).locator('option:checked')).toHaveText(
      'Restaurant reservation',
    );
    await talk.type('My name is Ada.');
    await expect(talk.lastTurn()).toContainText('(could not call update_phone: The arguments are not JSON');
    await talk.idle();
    await expect(talk.lastTurn().locator('[data-said=agent]')).toHaveText('I note that. Very well.');
    await expectAccessible(page);
  });

  test('what it thought, once it is asked', async ({ talk, page }) => {
    await choose(page, 'Chain of thought');
    await talk.type('What is twice seventeen?');
    await talk.idle();
    await expect(talk.lastTurn().locator('[data-said=agent]')).toHaveText('It is thirty-four.');
    await talk.type('How did you get there?');
    await talk.idle();
    await talk.lastTurn().getByText('(called recall_thinking)').click();
    await expect(talk.lastTurn()).toContainText('Twice seventeen.');
  });

  test('which documents an answer rests on, and which are missing', async ({ talk, page, home }) => {
    await mkdir(join(home, 'papers'));
    await writeFile(join(home, 'papers', 'garden.md'), 'The garden is watered at six.');
    await choose(page, 'Your documents');
    await talk.type('When is the garden watered?');
    await talk.idle();
    await expect(talk.lastTurn()).toContainText('No folder of documents was chosen.');
    await talk.open('Settings');
    const folder = page.getByRole('region', { name: 'Documents' }).getByLabel('Folder');
    await folder.fill(join(home, 'papers'));
    await folder.press('Enter');
    await talk.open('Talk');
    await talk.type('When is the garden watered?');
    await talk.idle();
    await expect(talk.lastTurn()).toContainText('Sources: garden.md');
  });

  test('why there is no reply', async ({ talk, page, context }) => {
    await context.grantPermissions(['clipboard-write', 'microphone']);
    await choose(page, 'Dictation');
    await talk.type('Dear Ada, it is done.');
    await expect(talk.lastTurn()).toContainText('(no reply: Dictated: the words are on the clipboard)');
  });
});

test.describe('of an agent of the user’s', () => {
  test.use({ providerOptions: { reply: 'Good.' } });

  test('which of its hooks and nodes went wrong, and how', async ({ talk, page, home }) => {
    await write(
      home,
      'parrot',
      `export default ({ Agent }) => new (class extends Agent {
         constructor() { super({ id: 'parrot', instructions: 'Repeat.' }); }
         async onUserTurnCompleted(turnCtx, { content }) { if (content.includes('Fly')) throw new Error('Polly is not in'); }
         async *llmNode() { yield 'Fine. '; yield 7; }
       })();`,
    );
    await talk.open('Agents');
    await enable(page, 'parrot');
    await talk.type('Fly');
    await talk.idle();
    await expect(talk.lastTurn()).toContainText('parrot.onUserTurnCompleted failed: Polly is not in.');
    await talk.type('Speak');
    await talk.idle();
    await expect(talk.lastTurn()).toContainText('Fine.');
    await expect(talk.lastTurn()).toContainText('llmNode must yield text');
  });
});

test.describe('of an agent whose tool waits until it was heard', () => {
  test.use({
    providerOptions: {
      reply: (messages) =>
        messages.at(-1)?.role === 'user'
          ? { content: 'One moment, please.', toolCalls: [{ name: 'look', arguments: {} }] }
          : 'All is well.',
    },
  });

  test('what it said before the call, and what it found', async ({ talk, page, home }) => {
    await write(
      home,
      'patient',
      `export default ({ agent, tool }) => agent({
         id: 'patient',
         instructions: 'Wait.',
         tools: [tool({
           name: 'look',
           description: 'Looks.',
           timeoutMs: 8_000,
           async execute(_, { waitForPlayout }) { await waitForPlayout(); return 'Seen.'; },
         })],
       });`,
    );
    await talk.open('Agents');
    await enable(page, 'patient');
    await talk.type('Look');
    await talk.idle();
    await expect(talk.lastTurn().locator('[data-said=agent]')).toHaveText('One moment, please. All is well.');
    await expect(talk.lastTurn()).toContainText('(called look)');
  });
});

test.describe('of a speech-to-speech model', () => {
  test.use({ providerOptions: { reply: 'Unused.' } });

  test('what it understood and said, and what of that was heard', async ({ talk, page }) => {
    const text = 'It rains all day. Take a coat with you. The evening will be dry.';
    const reply = { text, sound: await speech(text) };
    const server = await startRealtimeServer({ transcript: 'What is the weather like?', reply });
    try {
      await talk.open('Settings');
      const thinking = page.getByRole('region', { name: 'Thinking' });
      for (const [name, value] of [
        ['Server URL', server.baseUrl],
        ['Speech-to-speech model', 'gpt-realtime'],
      ] as const) {
        await thinking.getByLabel(name).fill(value);
        await thinking.getByLabel(name).press('Enter');
      }
      await talk.open('Talk');
      await talk.say(await speech('What is the weather like?'));
      await expect(talk.lastTurn().locator('[data-said=user]')).toHaveText('What is the weather like?');
      await expect(talk.lastTurn().locator('.said-unheard')).not.toContainText('It rains');
      await page.keyboard.press('Escape');
      await talk.idle();
      await expect(talk.lastTurn().getByText('(interrupted)')).toBeVisible();
      await expect(talk.lastTurn().locator('.said-unheard')).toContainText('The evening will be dry.');
    } finally {
      await server.close();
    }
  });
});
