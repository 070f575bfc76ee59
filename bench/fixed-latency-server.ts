/** Run by server-process.ts: takes the latencies as JSON, prints its address, ends with its parent. */
import { startProviderServer } from '../tests/support/provider-server.ts';

const server = await startProviderServer({
  transcript: 'What is the weather like?',
  // One sentence: there is no earlier clause to begin with.
  reply: 'It will be sunny all day long.',
  latencies: JSON.parse(process.argv[2] ?? '{}'),
});
console.log(server.baseUrl);
process.stdin.resume().on('end', () => process.exit());
