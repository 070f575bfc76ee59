/** A core that only reflects, for tests of what lies around it: commands come back, packets are kept, one turn has a recording. */
import type { App, WindowConnection, WindowEnd } from '../../src-main/app.ts';
import { Fault } from '../../src-main/fault.ts';

export interface EchoApp extends App {
  /** Every window that is connected now. */
  readonly windows: Set<WindowEnd>;
  readonly received: Uint8Array[];
  /** Resolves the commands named `hang`. */
  release(): void;
}

/** @param recordings by turn id, the path of its user track. @param exports by name, the path of the file. */
export function createEchoApp(recordings: Record<string, string> = {}, exports: Record<string, string> = {}): EchoApp {
  const windows = new Set<WindowEnd>();
  const received: Uint8Array[] = [];
  const released = Promise.withResolvers<void>();
  return {
    windows,
    received,
    release: () => released.resolve(),
    connect(end): WindowConnection {
      windows.add(end);
      return {
        async invoke(name, input) {
          if (name === 'hang') await released.promise;
          if (name === 'fail') throw new Fault('broken', 'It broke.', { hint: 'Mend it.', stage: 'stt' });
          if (name === 'bug') throw new TypeError('undefined is not a function');
          return { name, input };
        },
        receive: (bytes) => received.push(new Uint8Array(bytes)),
        close: () => windows.delete(end),
      };
    },
    recording: (turnId, track) => (track === 'user' ? (recordings[turnId] ?? null) : null),
    roomUrl: null,
    exported: (name) => exports[name] ?? null,
    labFile: async () => null,
    close: async () => {},
  };
}
