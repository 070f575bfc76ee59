/** LiveKit's SDK, made quiet: it logs to standard output, which is for results. It brings native code: import it late. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dispose } from '@livekit/rtc-node';
import { disposeAtExit } from '../native-threads.ts';

const require = createRequire(import.meta.url);
const { log } = require(join(dirname(require.resolve('@livekit/rtc-node')), 'log.cjs')) as { log: { level: string } };
log.level = 'silent';

disposeAtExit(dispose);

export * from '@livekit/rtc-node';
