/** Run by crowd.ts: people of many rooms, each in one of their own. For each line it is told, all speak at once. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { concatSamples } from '../../src-main/audio/frame.ts';
import { RoomPerson } from './room-person.ts';
import { quiet, speech } from './speech.ts';

/** Whoever has no answer by then gets none. */
const PATIENCE_MS = 30_000;
const REPLY_MS = 3_000;

const { url, tokens } = JSON.parse(process.argv[2] ?? '{}') as { url: string; tokens: string[] };
const question = concatSamples([await speech('What can you do for me today?'), quiet(600)]);
const people: RoomPerson[] = [];
for (const token of tokens) people.push(await RoomPerson.enterWith(url, token, 'anna'));
console.log('ready');
for await (const _ of createInterface(process.stdin)) {
  const answers = await Promise.all(people.map(ask));
  console.log(answers.filter((answered) => answered).length);
}
process.exit();

/** @returns whether the agent was heard to answer */
async function ask(person: RoomPerson): Promise<boolean> {
  const { identity } = await person.agent();
  const answered = person.nextSound(identity).then(() => true);
  await person.say(question);
  const heard = await Promise.race([answered, sleep(PATIENCE_MS, false)]);
  // What is said next is no interruption.
  await sleep(REPLY_MS);
  return heard;
}
