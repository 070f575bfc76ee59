/** docs/coming-from-livekit.md: the names exist, and each row of LiveKit's page has the test that it names. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Agent } from '../../../src-main/conversation/agent.ts';
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import { AgentSession } from '../../../src-main/conversation/session.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const documentation = read('../../../docs/coming-from-livekit.md');

/** The rows of the table below a heading, without its head. */
function rowsBelow(heading: string): string[][] {
  const section = documentation.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const rowsOfThePage = rowsBelow('Pipeline nodes and hooks, row by row').map(([row = '', named = '']) => {
  const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(named) ?? [];
  return { row, file, title };
});

test('every node and hook of the page has a row', () => {
  const rows = rowsOfThePage.map(({ row }) => row).join('\n');
  for (const name of ['on_enter', 'on_exit', 'on_user_turn_completed', 'on_user_turn_exceeded']) {
    expect(rows).toContain(`\`${name}\``);
  }
  for (const name of ['stt_node', 'llm_node', 'tts_node', 'realtime_audio_output_node', 'transcription_node']) {
    expect(rows).toContain(`\`${name}\``);
  }
});

test.each(rowsOfThePage)('the page: $row · $title', ({ file, title }) => {
  expect(read(`./${file}.test.ts`)).toMatch(
    new RegExp(`\\b(test|it)\\('${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}'`),
  );
});

test('every name of ours exists', () => {
  const here = rowsBelow('What is called how').map(([, cell = '']) => cell);
  const members = (owner: string) =>
    here.flatMap((cell) =>
      [...cell.matchAll(new RegExp(`\`${owner}\\.([a-zA-Z]+)`, 'g'))].map(([, name = '']) => name),
    );
  const owners = { session: AgentSession, agent: Agent, chatCtx: ChatContext };
  for (const [owner, { prototype }] of Object.entries(owners)) {
    expect(members(owner)).not.toEqual([]);
    for (const name of members(owner)) expect(name in prototype, `${owner}.${name}`).toBe(true);
  }
  const events = here.flatMap((cell) => [...cell.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name]) => name));
  expect(events.length).toBeGreaterThan(10);
  const known = read('../../../src-main/conversation/events.ts');
  for (const name of events) expect(known).toContain(`type: '${name}'`);
});
