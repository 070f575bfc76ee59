/** Run by crowd.ts: people of many rooms, each in one of their own. For each line it is told, all speak at once. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { concatSamples } from '../../src-main/audio/frame.ts';
import { AGENT_ATTRIBUTE } from '../../src-preload/room-protocol.ts';
import { RoomPerson } from './room-person.ts';
import { quiet, speech } from './speech.ts';

/** Whoever has no answer by then gets none. */
const PATIENCE_MS = 60_000;

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

/** @returns whether the agent has answered aloud, to the end */
async function ask(person: RoomPerson): Promise<boolean> {
  const { identity } = await person.agent();
  const state = () => person.room.remoteParticipants.get(identity)?.attributes[AGENT_ATTRIBUTE.state];
  await person.say(question);
  const answered = person
    .until(() => state() === 'speaking')
    .then(() => person.until(() => state() === 'listening'))
    .then(() => true);
  return Promise.race([answered, sleep(PATIENCE_MS, false)]);
}
