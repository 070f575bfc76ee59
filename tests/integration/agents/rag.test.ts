/** Conversations about a folder of documents: what fits is found, shown to the model and cited. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DocumentIndex } from '../../../src-main/agents/rag/document-index.ts';
import { Rag } from '../../../src-main/agents/rag/rag.ts';
import { converse } from '../../support/conversation.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function documents(files: Record<string, string | Uint8Array>): Promise<string> {
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

  test('a document that shares but small words with the question is neither shown nor cited', async () => {
    const folder = await documents({ ...HANDBOOK, 'zoo.md': 'The zebra sleeps with the lights on.' });
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    expect((await user.type('When does the zebra sleep in the night?')).reply).toBe('Yes.\n\nSources: zoo.md');
    expect(JSON.stringify(user.prompts[0])).not.toContain('director');
  });

  test.each([
    ['UTF-16', '\uFEFFThe zebra sleeps at nine.', 'utf16le', 'When does the zebra sleep?', 'The zebra sleeps at nine.'],
    ['an old code page', 'Le café ferme à minuit.', 'latin1', 'Quand ferme le cafe ?', 'Le café ferme à minuit.'],
    ['Chinese', '咖啡馆在午夜关门。', 'utf8', '咖啡馆什么时候关门？', '咖啡馆在午夜关门。'],
  ] as const)('a document in %s is found and shown as it reads', async (_, text, encoding, question, shown) => {
    const folder = await documents({ ...HANDBOOK, 'one of them.txt': Buffer.from(text, encoding) });
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    expect((await user.type(question)).reply).toBe('Yes.\n\nSources: one of them.txt');
    expect(JSON.stringify(user.prompts[0])).toContain(shown);
  });

  test('a web page is read as a person would, and what is no text not at all', async () => {
    const page =
      '<style>.umbrella{}</style><p>Umbrellas &amp; coats</p><p>hang in the hall.</p><script>umbrella</script>';
    const folder = await documents({
      'page.html': page,
      'program.txt': 'umbrella\0umbrella',
      '.hidden/a.md': 'umbrella',
    });
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    expect((await user.type('Where is the umbrella?')).reply).toBe('Yes.\n\nSources: page.html');
    expect(JSON.stringify(user.prompts[0])).toContain('From page.html:\\nUmbrellas & coats\\n\\nhang in the hall.');
  });

  test('a folder that holds a link to itself is read once, and what a link leads to as well', async () => {
    const elsewhere = await documents({ 'far.md': 'Holiday abroad needs a visa.' });
    const folder = await documents(HANDBOOK);
    await symlink(folder, join(folder, 'travel', 'loop'));
    await symlink(elsewhere, join(folder, 'elsewhere'));
    await symlink(join(folder, 'nowhere.md'), join(folder, 'dead.md'));
    const user = await converse({ agent: new Rag({ folder: () => folder }), reply: 'Yes.' });
    const { reply } = await user.type('How many days of holiday, also abroad?');
    expect(reply).toMatch(/^Yes\.\n\nSources: .*far\.md.*holidays\.txt$/);
    expect(reply).not.toContain('loop');
  });

  test('refreshed twice at once, a document is in the index once', async () => {
    const index = new DocumentIndex(await documents(HANDBOOK));
    await Promise.all([index.refresh(), index.refresh()]);
    expect(index.search('thirty days of holiday', 4)).toHaveLength(1);
    const refreshed = index.refresh();
    index.close();
    await refreshed;
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
