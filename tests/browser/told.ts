/** What a test of History finds there. */
import { expect, type TalkPage } from './fixtures.ts';

/** Two conversations, the later one of two turns; then History with the later one open. */
export async function tell(talk: TalkPage): Promise<void> {
  await talk.type('What is the weather in Graz?');
  await talk.idle();
  await talk.page.getByRole('button', { name: 'New conversation' }).click();
  await talk.type('Tell me of Vienna');
  await talk.idle();
  await talk.type('And of Linz');
  await talk.idle();
  await talk.open('History');
  await talk.page.getByRole('button', { name: /Tell me of Vienna/ }).click();
  await expect(talk.page.getByRole('article')).toHaveCount(2);
}
