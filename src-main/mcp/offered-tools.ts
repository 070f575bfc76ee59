/** Which tools of all servers a model is offered, and by which names: each has one of its own, and there is an end. */
import type { Tool } from '../conversation/tool.ts';
import { absentTool } from './server-tools.ts';

/** Models take 128; the agent's own need room. */
const MOST_TOOLS = 100;
/** What models take as a name. */
const LONGEST_NAME = 64;

/** @param lists a server's tools each; where they are too many, the longest lists are cut, and say so */
export function offeredTools(lists: readonly (readonly Tool[])[]): Tool[] {
  const taken = new Set<string>();
  const longest = longestOf(lists.map(({ length }) => length));
  return lists
    .flatMap((list) => (list.length > longest ? cut(list, longest - 1) : list))
    .map((tool) => ({ ...tool, definition: { ...tool.definition, name: nameOf(tool.definition.name, taken) } }));
}

function cut(list: readonly Tool[], length: number): readonly Tool[] {
  const reason = `of its ${list.length} only the first ${length} are offered, because models take no more`;
  return [...list.slice(0, length), absentTool(list[0]?.server ?? '', reason)];
}

function longestOf(lengths: readonly number[]): number {
  let longest = MOST_TOOLS;
  while (longest > 1 && lengths.reduce((sum, length) => sum + Math.min(length, longest), 0) > MOST_TOOLS) longest -= 1;
  return longest;
}

function nameOf(wanted: string, taken: Set<string>): string {
  const base = wanted.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, LONGEST_NAME);
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base.slice(0, LONGEST_NAME - `${n}`.length - 1)}_${n}`;
  taken.add(name);
  return name;
}
