/** What the drivers' own work costs: the same sound in the same frames at the same pace, given to nobody; prints JSON. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKET_SAMPLES } from '../../src-preload/audio-packet.ts';

/** From the release of the key to the end of a turn, as both drivers wait. */
const REST_MS = 800;

const { wav, turns } = JSON.parse(process.argv[2] ?? '{}') as { wav: string; turns: number };
const bytes = readFileSync(wav);
const sound = new Int16Array(bytes.buffer.slice(bytes.byteOffset + 44, bytes.byteOffset + bytes.length));

const measured: { cpuMs: number }[] = [];
for (let turn = 0; turn < turns; turn++) {
  const before = process.cpuUsage();
  for (let start = 0; start < sound.length; start += PACKET_SAMPLES) {
    sound.slice(start, start + PACKET_SAMPLES);
    await sleep(20);
  }
  await sleep(REST_MS);
  const { user, system } = process.cpuUsage(before);
  measured.push({ cpuMs: (user + system) / 1000 });
}
process.stdout.write(JSON.stringify(measured), () => process.exit());
