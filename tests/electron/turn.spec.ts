/** A whole turn in the real app: the microphone’s ports, the core, the loudspeaker’s ports, the log. */
import { squelch as commandLine } from '../support/squelch-command.ts';
import { expect, test } from './fixtures.ts';

test('hold, speak, hear, and find it in the log', async ({ squelch, view, home }) => {
  const key = view.locator('[data-talk-key]');
  const turn = view.getByRole('log', { name: 'Conversation' }).getByRole('article').last();
  await view.keyboard.down('Space');
  await expect(key).toHaveAttribute('data-mode', 'recording');
  await view.waitForTimeout(2_500);
  await view.keyboard.up('Space');
  await expect(turn).toContainText('Measured, not understood:');
  await expect(turn).toHaveAttribute('data-outcome', 'completed', { timeout: 20_000 });
  await expect(turn.locator('.said-unheard')).toHaveCount(0);

  await view.getByRole('button', { name: 'History' }).click();
  await view.getByRole('navigation', { name: 'Conversations' }).getByRole('button').first().click();
  await view.getByRole('button', { name: 'Play what you said' }).click();
  await expect(view.getByRole('button', { name: 'Pause what you said' })).toBeVisible();
  await expect(view.getByText('This recording can’t be played.')).toHaveCount(0);

  await squelch.close();
  const sessions = (await commandLine(['sessions', '--json', '--home', home])).json();
  expect(sessions).toMatchObject([{ turnCount: 1 }]);
});

test('the key is lost when the system sleeps: the turn ends and is kept', async ({ squelch, view }) => {
  const key = view.locator('[data-talk-key]');
  await view.keyboard.down('Space');
  await expect(key).toHaveAttribute('data-mode', 'recording');
  await view.waitForTimeout(2_000);
  await squelch.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
  await expect(key).not.toHaveAttribute('data-mode', 'recording');
  await expect(view.getByRole('article').last()).toHaveAttribute('data-outcome', 'completed', { timeout: 20_000 });
});
