/** LiveKit's SDK, made quiet: it logs to standard output, which is for results. It brings native code: import it late. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { dispose, type RemoteTrack, type Room } from '@livekit/rtc-node';
import { disposeAtExit } from '../native-threads.ts';

type RtcStats = Awaited<ReturnType<Room['getRtcStats']>>['subscriberStats'];

/** As far as it is used here; the SDK keeps it to itself. */
interface NativeClient {
  off(event: 'ffi_event', listener: unknown): void;
  getNextRequestAsyncId(): bigint;
  request(request: { message: { case: 'getStats'; value: { trackHandle: bigint; requestAsyncId: bigint } } }): unknown;
  waitFor(
    isAnswer: (event: { message: { case?: string; value?: { asyncId?: bigint } } }) => boolean,
    options: { signal: AbortSignal },
  ): Promise<{ stats: RtcStats }>;
}

const STATS_TIMEOUT_MS = 1_000;

const require = createRequire(import.meta.url);
const part = (name: string) => require(join(dirname(require.resolve('@livekit/rtc-node')), `${name}.cjs`));
const { log } = part('log') as { log: { level: string } };
const { FfiClient } = part('ffi_client') as { FfiClient: { readonly instance: NativeClient } };
log.level = 'silent';

disposeAtExit(dispose);

/** Lets go of a room that was lost: the SDK itself does so only with one that is left. */
export function forgetRoom(room: Room): void {
  room.removeAllListeners();
  FfiClient.instance.off('ffi_event', (room as unknown as { readonly onFfiEvent: unknown }).onFfiEvent);
}

/** What WebRTC counts of one track; the SDK tells it of whole rooms only, without the tracks' names. Empty when it is gone. */
export async function statsOf(track: RemoteTrack): Promise<RtcStats> {
  const { instance: client } = FfiClient;
  const id = client.getNextRequestAsyncId();
  try {
    const answer = client.waitFor(({ message }) => message.case === 'getStats' && message.value?.asyncId === id, {
      signal: AbortSignal.timeout(STATS_TIMEOUT_MS),
    });
    client.request({
      message: { case: 'getStats', value: { trackHandle: track.ffi_handle.handle, requestAsyncId: id } },
    });
    return (await answer).stats;
  } catch {
    return [];
  }
}

export * from '@livekit/rtc-node';
