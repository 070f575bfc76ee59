/** The examples in the documents are ones that work. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadAgent } from '../../../src-main/app/agents/user/load-agent.ts';
import { settingsPatchSchema } from '../../../src-preload/settings.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function example(document: string, language: string): Promise<string> {
  const text = await readFile(new URL(`../../../docs/${document}`, import.meta.url), 'utf8');
  const block = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(text)?.[1];
  if (!block) throw new Error(`${document} has no example in ${language}`);
  return block;
}

it('your-own-agents.md: the agent file loads', async () => {
  const path = join(await temporaryFolder(), 'weather.ts');
  await writeFile(path, await example('your-own-agents.md', 'ts'));
  const { name, description, mcpServers, make } = await loadAgent(path, 'weather', '1');
  expect({ name, description, mcpServers }).toEqual({
    name: 'Weather',
    description: 'Says whether you need an umbrella.',
    mcpServers: ['calendar'],
  });
  expect(make().tools.map(({ definition }) => definition.name)).toEqual(['rain']);
});

it('mcp.md: the settings are valid', async () => {
  const settings = settingsPatchSchema.parse(JSON.parse(await example('mcp.md', 'json')));
  expect(settings.mcp?.map(({ name, approval }) => [name, approval])).toEqual([
    ['files', 'ask'],
    ['calendar', 'always'],
  ]);
});
