/** Conversations about a folder of documents: what fits is found, shown to the model and cited. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rag } from '../../../src-main/agents/rag/rag.ts';
import { converse } from '../../support/conversation.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function documents(files: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

const HANDBOOK = {
  'travel/trains.md': 'Train journeys are paid in second class.\n\nFirst class needs a signature of the director.',
  'holidays.txt': 'Everybody has thirty days of holiday a year.',
  'photo.jpg': 'holiday holiday holiday',
};

describe('rag', () => {
  test('shows the model the passage that fits, and cites its file without reading it out', async () => {
    const folder = await documents(HANDBOOK);
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'You have thirty days.' });
    const turn = await user.type('How many days of holiday do I have?');

    expect(turn).toMatchObject({ outcome: 'completed', reply: 'You have thirty days.\n\nSources: holidays.txt' });
    expect(user.spoken).toEqual(['You have thirty days.']);
    const shown = JSON.stringify(user.prompts[0]);
    expect(shown).toContain('Everybody has thirty days of holiday a year.');
    expect(shown).not.toContain('holiday holiday');
  });

  test('shows them for that answer alone', async () => {
    const folder = await documents(HANDBOOK);
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    await user.type('How many days of holiday do I have?');
    await user.type('And which class on trains?');
    const second = JSON.stringify(user.prompts[1]);
    expect(second).toContain('second class');
    expect(second).not.toContain('thirty days of holiday');
  });

  test('follows the folder while the conversation goes on', async () => {
    const folder = await documents(HANDBOOK);
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    await user.type('How many days of holiday?');
    await rm(join(folder, 'holidays.txt'));
    await writeFile(join(folder, 'new.md'), 'Holiday is forty days now.');
    expect((await user.type('How many days of holiday?')).reply).toBe('Yes.\n\nSources: new.md');
  });

  test('another folder is searched as soon as it was chosen', async () => {
    let folder: string | null = null;
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    expect((await user.type('How many days of holiday?')).outcome).toBe('failed');
    folder = await documents({ 'old.md': 'Holiday is ten days.' });
    expect((await user.type('How many days of holiday?')).reply).toContain('Sources: old.md');
    folder = await documents(HANDBOOK);
    expect((await user.type('How many days of holiday?')).reply).toContain('Sources: holidays.txt');
  });

  test('words that mean something to a search engine are words', async () => {
    const folder = await documents(HANDBOOK);
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    expect(await user.type('holiday" OR NEAR(text* -days) AND "')).toMatchObject({ outcome: 'completed' });
  });

  test('without a folder, or with one that is gone, the turn says what to do', async () => {
    const nowhere = await converse({ agent: new Rag({ folder: () => null }) });
    expect((await nowhere.type('Hello?')).error).toMatchObject({ code: 'documents-not-chosen', stage: 'hook' });
    const missing = join(await temporaryFolder(), 'gone');
    const gone = await converse({ agent: new Rag({ folder: () => missing }) });
    expect((await gone.type('Hello?')).error).toMatchObject({ code: 'documents-unreadable', stage: 'hook' });
  });
});
