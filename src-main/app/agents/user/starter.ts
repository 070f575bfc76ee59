/** Writes a first agent file, which works as it is and explains itself. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../../fault.ts';
import { AGENT_TYPES } from './agent-types.ts';

/** So that editors take the files for what they are. */
const PACKAGE = `${JSON.stringify({ private: true, type: 'module' }, null, 2)}\n`;
const NAME = /^[a-z][a-z0-9-]{0,40}$/;

/** @returns the new file. @throws Fault when the name can't be used, is taken, or nothing can be written */
export function writeStarter(folder: string, name: string): string {
  if (!NAME.test(name)) {
    throw new Fault('agent-name-invalid', `${JSON.stringify(name)} is no name for an agent`, {
      hint: 'Use small letters, digits and hyphens, a letter first.',
    });
  }
  const taken = ['.ts', '.js', '.mjs']
    .map((ending) => join(folder, `${name}${ending}`))
    .find((path) => existsSync(path));
  if (taken) throw new Fault('agent-id-taken', `There is ${taken} already`, { hint: 'Choose another name.' });
  const path = join(folder, `${name}.ts`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'squelch.d.ts'), AGENT_TYPES);
    const packageFile = join(folder, 'package.json');
    if (!existsSync(packageFile)) writeFileSync(packageFile, PACKAGE);
    writeFileSync(path, starter(name), { flag: 'wx' });
  } catch (cause) {
    throw new Fault('agent-not-saved', `${path} could not be written`, {
      hint: 'Check that the disk is not full and that the folder can be written.',
      cause,
    });
  }
  return path;
}

function starter(name: string): string {
  return `// An agent of your own. Squelch runs this file once you have switched it on, and again whenever you save it;
// a conversation that has begun goes on with the agent it began with.
import type { ChatContext, Squelch } from './squelch.d.ts';

// How it is listed.
export const name = '${name[0]?.toUpperCase()}${name.slice(1).replaceAll('-', ' ')}';
export const description = 'Tells the time, and remembers what you ask it to.';
// Tool servers of your settings whose tools it may call, by name.
export const mcpServers: string[] = [];

// Called for every conversation. Everything an agent is made of is in \`squelch\`; there is nothing to install.
export default function make({ Agent, tool, z, ToolError }: Squelch) {
  const notes: string[] = [];

  // A function that the model may call. The description tells it when.
  const remember = tool({
    name: 'remember',
    description: 'Keeps something that the user wants to be reminded of.',
    parameters: z.object({ note: z.string().describe('What to remember, in the words of the user') }),
    execute({ note }) {
      // The model is told the message of a ToolError and can act on it.
      if (notes.length >= 20) throw new ToolError('There are twenty notes already. Ask which one to drop.');
      notes.push(note);
      return { kept: notes };
    },
  });

  class Own extends Agent {
    // Before the answer: what you add to turnCtx lasts for this answer alone.
    override async onUserTurnCompleted(turnCtx: ChatContext): Promise<void> {
      turnCtx.addMessage({ role: 'system', content: \`It is \${new Date().toString()}.\` });
    }

    // A node: what is shown of the answer. Others are sttNode, llmNode, ttsNode and realtimeAudioOutputNode.
    override async *transcriptionNode(text: AsyncIterable<string>): AsyncGenerator<string> {
      for await (const piece of text) yield piece.replaceAll('*', '');
    }
  }

  return new Own({
    // The name of this file.
    id: '${name}',
    instructions: 'You are heard, not read: answer in one or two short sentences, without markup.',
    tools: [remember],
  });
}
`;
}
