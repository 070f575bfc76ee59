/** Tool servers in whole turns: what the model is told, what the user sees and decides, what the log keeps. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openAuditReader } from '../../../src-main/audit/audit-log.ts';
import type { ApprovalView } from '../../../src-preload/agents-contract.ts';
import type { TurnView } from '../../../src-preload/contract.ts';
import type { McpServerSettings } from '../../../src-preload/settings.ts';
import type { ProviderServerOptions, Reply } from '../../support/provider-server.ts';
import { type RunningApp, startApp } from '../../support/running-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../support/mcp-stdio-server.ts', import.meta.url));

function program(approval: McpServerSettings['approval']): McpServerSettings {
  const transport = { type: 'stdio' as const, command: process.execPath, args: [PROGRAM], env: {} };
  return { name: 'tools', transport, approval, enabled: true };
}

type Answering = Extract<ProviderServerOptions['reply'], (...args: never[]) => unknown>;

/** Asks for the function once, then repeats what it was told. */
function calling(name: string, args: Record<string, unknown> | string = {}): Answering {
  return (messages): Reply => {
    const last = messages.at(-1);
    return last?.role === 'tool'
      ? `It said: ${String(last.content).slice(0, 100)}`
      : { toolCalls: [{ name, arguments: args }] };
  };
}

/** The calls of a turn, as the log has them. */
function loggedCalls(home: string, { id, sessionId }: TurnView): unknown {
  const reader = openAuditReader(home);
  const detail = reader?.queries.getSessionDetail(sessionId);
  reader?.close();
  return detail?.turns.find((turn) => turn.id === id)?.tools;
}

interface Setting extends RunningApp {
  readonly home: string;
  readonly asked: ApprovalView[];
}

async function start(reply: ProviderServerOptions['reply'], ...mcp: McpServerSettings[]): Promise<Setting> {
  const home = await temporaryFolder();
  const running = await startApp(home, reply === undefined ? {} : { reply });
  const asked: ApprovalView[] = [];
  running.window.on('approval.requested', (approval) => asked.push(approval));
  await running.window.invoke('settings.update', { mcp });
  return { ...running, home, asked };
}

describe('a call of a tool server', () => {
  it('is made, answered from, shown as a step, and kept in the log with it', async () => {
    const { window, home, server } = await start(calling('tools__add', { a: 2, b: 40 }), program('always'));
    const turn = await window.type('What is 2 and 40?');
    expect(turn).toMatchObject({ outcome: 'completed', reply: { text: 'It said: 42' } });
    const step = {
      type: 'tool',
      callId: expect.any(String),
      name: 'tools__add',
      server: 'tools',
      arguments: '{"a":2,"b":40}',
      output: '42',
      isError: false,
      failure: null,
      decision: null,
      durationMs: expect.any(Number),
      startedAt: expect.any(Number),
    };
    expect(turn.steps).toEqual([step]);
    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns[0]?.steps).toEqual([step]);

    const offered = (server.requests('llm')[0]?.json?.tools ?? []) as { function: { name: string } }[];
    expect(offered.map(({ function: { name } }) => name)).toContain('tools__add');
    expect(loggedCalls(home, turn)).toMatchObject([
      { name: 'tools__add', server: 'tools', output: '42', failure: null, decision: null },
    ]);
  });

  it('that must be allowed waits for the user, and is made once he allows it', async () => {
    const { window, home, asked } = await start(calling('tools__add', { a: 1, b: 1 }), program('ask'));
    const { turnId } = await window.invoke('talk.sendText', { text: 'Add.' });
    const approval = await window.until(() => asked[0]);
    expect(approval).toMatchObject({ turnId, server: 'tools', tool: 'add', arguments: '{"a":1,"b":1}' });
    const { approvals } = await window.invoke('conversation.get', {});
    expect(approvals).toEqual([approval]);
    const running = await window.until(() => window.turns.get(turnId)?.steps[0]);
    expect(running).toMatchObject({ name: 'tools__add', output: null, durationMs: null });
    await window.invoke('tools.decide', { approvalId: approval.approvalId, decision: 'once' });
    const turn = await window.outcome(turnId);
    expect(turn.reply.text).toBe('It said: 2');
    expect(turn.steps).toMatchObject([{ output: '2', decision: 'once' }]);
    expect(loggedCalls(home, turn)).toMatchObject([{ output: '2', decision: 'once' }]);
    const { settings } = await window.invoke('app.get', {});
    expect(settings.mcp[0]?.approval).toBe('ask');
  });

  it('allowed for ever is not asked about again', async () => {
    const { window, asked } = await start(calling('tools__add', { a: 1, b: 1 }), program('ask'));
    const { turnId } = await window.invoke('talk.sendText', { text: 'Add.' });
    const { approvalId } = await window.until(() => asked[0]);
    await window.invoke('tools.decide', { approvalId, decision: 'always' });
    await window.outcome(turnId);
    expect((await window.type('Again.')).reply.text).toBe('It said: 2');
    expect(asked).toHaveLength(1);
  });

  it('denied is not made, and the model is told so', async () => {
    const { window, home, asked } = await start(calling('tools__add', { a: 1, b: 1 }), program('ask'));
    const { turnId } = await window.invoke('talk.sendText', { text: 'Add.' });
    const { approvalId } = await window.until(() => asked[0]);
    await window.invoke('tools.decide', { approvalId, decision: 'deny' });
    const turn = await window.outcome(turnId);
    expect(turn).toMatchObject({ outcome: 'completed', steps: [{ isError: true }] });
    expect(turn.reply.text).toBe('It said: The user did not allow this call.');
    expect(loggedCalls(home, turn)).toMatchObject([{ decision: 'deny' }]);
  });

  it('is no longer asked about once the turn was interrupted', async () => {
    const { window, asked } = await start(calling('tools__add', { a: 1, b: 1 }), program('ask'));
    const closed: string[] = [];
    window.on('approval.closed', ({ approvalId }) => closed.push(approvalId));
    const { turnId } = await window.invoke('talk.sendText', { text: 'Add.' });
    const { approvalId } = await window.until(() => asked[0]);
    await window.invoke('talk.interrupt', {});
    const turn = await window.outcome(turnId);
    expect(turn).toMatchObject({
      outcome: 'interrupted',
      steps: [{ output: 'The function was interrupted.', isError: true }],
    });
    const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
    expect(turns[0]?.steps).toEqual(turn.steps);
    await window.until(() => closed[0]);
    expect(closed).toEqual([approvalId]);
    await expect(window.invoke('tools.decide', { approvalId, decision: 'once' })).rejects.toMatchObject({
      code: 'approval-closed',
    });
  });
});

describe('what goes wrong with a tool server is an error of the call, and the next turn works', () => {
  it.each([
    ['dies in mid-call', 'tools__die', {}, /tools ended by itself/],
    ['refuses what it was sent', 'tools__add', { a: 'two' }, /Invalid arguments/],
    ['is sent what is no JSON', 'tools__add', '{"a": 1', /not JSON/],
    ['is asked for what it has not', 'tools__multiply', {}, /There is no function tools__multiply/],
    ['answers with a megabyte', 'tools__large', {}, /more characters were left out/],
  ] as const)('%s', async (_, name, args, told) => {
    let broken = true;
    const first = calling(name, args);
    const second = calling('tools__add', { a: 1, b: 2 });
    const { window } = await start((messages) => (broken ? first(messages) : second(messages)), program('always'));
    const turn = await window.type('Do it.');
    expect(turn.outcome).toBe('completed');
    expect(turn.steps[0]).toMatchObject({ type: 'tool', output: expect.stringMatching(told) });
    const kept = async () => (await window.invoke('sessions.get', { sessionId: turn.sessionId })).faults;
    if (name === 'tools__die') await expect.poll(kept).toMatchObject([{ source: 'tools', turnId: turn.id }]);
    broken = false;
    expect((await window.type('Now this.')).reply.text).toBe('It said: 3');
  });

  it('is missing: its status says so, and the model can', async () => {
    const missing: McpServerSettings = {
      ...program('always'),
      transport: { type: 'stdio', command: 'no-such-command-here', args: [], env: {} },
    };
    const { window } = await start(calling('tools__unavailable'), missing);
    const turn = await window.type('Add.');
    expect(turn.reply.text).toBe('It said: tools could not be started: its command was not found');
    const kept = async () => (await window.invoke('sessions.get', { sessionId: turn.sessionId })).faults;
    await expect.poll(kept).toMatchObject([{ source: 'tools', turnId: turn.id, code: 'mcp-not-started' }]);
    expect(await window.invoke('mcp.status', {})).toMatchObject([
      { name: 'tools', state: 'failed', error: { code: 'mcp-not-started' } },
    ]);
  });

  it('never ends: the model is stopped after a number of calls', async () => {
    let asking = true;
    const { window } = await start(
      () => (asking ? { toolCalls: [{ name: 'tools__add', arguments: { a: 1, b: 1 } }] } : 'Done.'),
      program('always'),
    );
    const turn = await window.type('Add for ever.');
    expect(turn).toMatchObject({ outcome: 'failed', error: { code: 'too-many-tool-steps', stage: 'tool' } });
    asking = false;
    expect((await window.type('And now?')).outcome).toBe('completed');
  });
});

describe('an agent', () => {
  it('that was given no tool servers is offered none of their tools', async () => {
    const { window, server } = await start('Hello.', program('always'));
    const persona = await window.invoke('personas.save', {
      id: null,
      name: 'Poet',
      instructions: 'Answer in verse.',
      voice: null,
      models: { stt: null, llm: null, tts: null },
      mcpServers: [],
    });
    await window.invoke('agents.select', { agentId: persona.id });
    await window.type('Hello.');
    expect(server.requests('llm').at(-1)?.json?.tools).toBeUndefined();
  });
});
