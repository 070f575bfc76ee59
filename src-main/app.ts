/** The app core: put together here, once, from a home folder and its settings; driven by a host through the contract. */
import { decodePacket, PACKET_KIND } from '../src-preload/audio-packet.ts';
import type { AppView, Track } from '../src-preload/contract.ts';
import { ROOM_SOUND_STREAM } from '../src-preload/room-protocol.ts';
import type { Settings } from '../src-preload/settings.ts';
import { Core } from './app/core.ts';
import type { Handlers } from './app/handler.ts';
import { makeHandlers } from './app/handlers.ts';
import { inForce } from './app/in-force.ts';
import { findInstallation } from './app/installation.ts';
import { Notices } from './app/notices.ts';
import { openLog } from './app/open-log.ts';
import { parseCommand } from './app/parse-command.ts';
import { type OpenGuestPage, servedElsewhere } from './app/rooms/guest-page.ts';
import { startUpkeep } from './app/upkeep.ts';
import { type WindowEnd, Windows } from './app/windows.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { openPrices } from './audit/cost/prices.ts';
import type { Fault } from './fault.ts';
import { directFetch } from './providers/openai/direct-fetch.ts';
import { SDK_VERSION } from './providers/openai/sdk-version.ts';
import type { SecretStore } from './settings/secrets.ts';
import { openSettings } from './settings/store.ts';
import { loadVad } from './speech/vad/silero-vad.ts';
import { LocalTransport } from './transport/local.ts';
import { modelWarning } from './vad-lab/presets.ts';

export type { OpenGuestPage } from './app/rooms/guest-page.ts';
export type { WindowEnd } from './app/windows.ts';
export { endNativeThreads } from './transport/native-threads.ts';

export interface AppOptions {
  /** The data folder; made if missing. */
  readonly home: string;
  readonly host: AppView['host'];
  readonly secrets: SecretStore;
  /** Read for OPENAI_API_KEY and OPENAI_BASE_URL, LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Serves the page of guests in a shared conversation; without it they need one that is served elsewhere. */
  readonly openGuestPage?: OpenGuestPage;
}

/** One window's way to the core. */
export interface WindowConnection {
  /** Runs a command of the contract. @throws Fault, also for unknown names and input that does not fit. */
  invoke(name: string, input: unknown): Promise<unknown>;
  /** Takes one audio packet; malformed ones are dropped. */
  receive(bytes: ArrayBuffer | Uint8Array): void;
  /** The window is gone: a turn it was recording ends and is kept. */
  close(): void;
}

export interface App {
  connect(end: WindowEnd): WindowConnection;
  /** Path of a turn's WAV file; null when there is none. */
  recording(turnId: string, track: Track): string | null;
  /** Address of the LiveKit server of the room that the window is in; null when it is in none. */
  readonly roomUrl: string | null;
  /** Path of a file that was exported; null when there is none of that name. */
  exported(name: string): string | null;
  /** Path of a file of a recording that is open in the VAD Lab; null when there is none. */
  labFile(sourceId: string, recordingId: string, name: string): Promise<string | null>;
  /** Ends what runs, writes what is left and lets go of the home folder. */
  close(): Promise<void>;
}

/** @throws Fault when the home folder, the log or the weights can't be used. */
export async function createApp(options: AppOptions): Promise<App> {
  const { home, host, secrets, environment, openGuestPage = servedElsewhere } = options;
  const installation = findInstallation();
  const { version, models } = installation;
  const notices = new Notices();
  const settings = openSettings(home, (notice) => notices.add({ level: 'warning', ...notice }));
  const prices = openPrices(home);
  let running: Core | null = null;
  const { log, readOnly, release } = openLog(home, {
    appVersion: version,
    sdkVersions: { openai: SDK_VERSION },
    baseFetch: directFetch,
    inForce: (agentId) => running && inForce(agentId, running.agents.catalog, settings.current),
    prices: prices.table,
    anchorFolder: () => settings.current.log.anchorFolder,
    onFault: ({ message, hint }) => notices.add({ level: 'error', message, hint }),
  });
  try {
    if (readOnly) notices.add(readOnlyNotice(readOnly));
    if (prices.problem) notices.add(pricesNotice(prices.problem));
    if (log.salvaged) notices.add(salvageNotice(log.salvaged));
    const [vad, crashed] = await Promise.all([loadVad(models), log.recover()]);
    if (crashed.length > 0) notices.add(recoveryNotice(crashed.length));
    for (const warning of otherModelWarnings(settings.current, vad.modelSha256)) notices.add(warning);
    const windows = new Windows();
    const core = await Core.start({
      home,
      host,
      version,
      settings,
      secrets,
      environment,
      log,
      vad,
      installation,
      notices,
      prices,
      windows,
      openGuestPage,
    });
    running = core;
    const handlers = makeHandlers(core);
    const upkeep = startUpkeep(core);
    const departed = new Set<LocalTransport>();
    return {
      connect: (end) => connect(core, handlers, end, departed),
      recording: (turnId, track) => log.queries.recordingFile(turnId, track),
      get roomUrl() {
        return core.rooms.url;
      },
      exported: (name) => core.exports.find(name),
      labFile: (sourceId, recordingId, name) => core.lab.file(sourceId, recordingId, name),
      async close() {
        upkeep.stop();
        await core.close();
        release();
      },
    };
  } catch (thrown) {
    log.close();
    release();
    throw thrown;
  }
}

const OPENS_A_SOURCE: ReadonlySet<string> = new Set(['vadLab.upload', 'vadLab.open', 'vadLab.listen']);

function connect(core: Core, handlers: Handlers, end: WindowEnd, departed: Set<LocalTransport>): WindowConnection {
  const transport = new LocalTransport((packet) => end.packet(packet), departed);
  /** The take this window records: only it may end it by going away. */
  let takeId: number | null = null;
  /** What this window has open in the VAD Lab goes with it. */
  const sources = new Set<string>();
  core.windows.add(end);
  return {
    async invoke(name, input) {
      const { command, parsed } = parseCommand(name, input);
      if (command === 'talk.press') ({ takeId } = parsed as { takeId: number });
      if (OPENS_A_SOURCE.has(command)) sources.add((parsed as { sourceId: string }).sourceId);
      return handlers[command](parsed as never, transport);
    },
    receive(bytes) {
      const packet = decodePacket(bytes);
      if (packet?.kind === PACKET_KIND.capture) {
        const { stream, sequence, samples } = packet;
        if (stream === ROOM_SOUND_STREAM) core.rooms.hear(sequence, samples);
        else if (!core.lab.receive(stream, samples)) core.session.receive(stream, sequence, samples);
      } else if (packet?.kind === PACKET_KIND.heard || packet?.kind === PACKET_KIND.done) transport.receive(packet);
    },
    close() {
      core.windows.remove(end);
      transport.close();
      for (const id of sources) core.lab.close(id);
      if (takeId !== null) core.session.release({ takeId, heldMs: 0, lost: true });
    },
  };
}

/** Presets in use that were found with other weights than those in force. */
function otherModelWarnings({ vad, agentVad }: Settings, modelSha256: string) {
  const messages = [vad, ...agentVad].flatMap(({ preset }) => (preset && modelWarning(preset, modelSha256)) ?? []);
  return [...new Set(messages)].map(
    (message) => ({ level: 'warning', message, hint: 'In the VAD Lab, tune it again or use another preset.' }) as const,
  );
}

function readOnlyNotice({ message, hint }: Fault) {
  return {
    level: 'error',
    message: `${message.replace(/[.]?$/, '.')} What is in the log can be looked at; a new turn can’t be kept, so none begins but in private.`,
    hint: `${hint} Then start Squelch again.`,
  } as const;
}

function salvageNotice({ entries, lostEntries, keptAs }: NonNullable<AuditLog['salvaged']>) {
  const lost = lostEntries.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return {
    level: 'error',
    message: `The log was damaged. ${entries} entries were carried over into a new one, ${lost} are known to be lost.`,
    hint: `The damaged files are kept in ${keptAs}. A backup may hold what is missing.`,
  } as const;
}

function pricesNotice(problem: string) {
  return {
    level: 'warning',
    message: `${problem}. The prices that come with Squelch are in force.`,
    hint: 'Mend the file: Settings says what is wrong with it, and docs/prices.md what it holds.',
  } as const;
}

function recoveryNotice(count: number) {
  return {
    level: 'info',
    message: count === 1 ? 'A turn was cut off last time.' : `${count} turns were cut off last time.`,
    hint: 'Nothing recorded is lost: open it in History and choose Retry to send it again.',
  } as const;
}
