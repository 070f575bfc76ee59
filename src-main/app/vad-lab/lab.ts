/** The VAD Lab of the app: the sources that are open, what runs for them, and presets. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { basename, join } from 'node:path';
import type {
  CommandInput,
  CommandOutput,
  CommandRequest,
  EventName,
  EventPayload,
} from '../../../src-preload/contract.ts';
import type { VadSourceView } from '../../../src-preload/vad-lab-contract.ts';
import type { Preset } from '../../../src-preload/vad-preset.ts';
import { Fault, reportFault } from '../../fault.ts';
import type { Vad } from '../../speech/vad/vad.ts';
import { findRecordings } from '../../vad-lab/find-recordings.ts';
import { type LiveSettings, liveSettings } from '../../vad-lab/live-settings.ts';
import { cancelled, measure } from '../../vad-lab/measure.ts';
import { shippedPresets } from '../../vad-lab/presets.ts';
import { OfflineSegmenter } from '../../vad-lab/segmentation.ts';
import { segmentLists } from '../../vad-lab/workbench.ts';
import { Listening } from './listening.ts';
import { type Chosen, OpenedSource } from './opened-source.ts';
import { OwnPresets } from './own-presets.ts';
import { tuneSource } from './tune-source.ts';
import { Uploads } from './uploads.ts';
import { WorkFolder } from './work-folder.ts';

export interface LabOptions {
  /** The data folder. */
  readonly home: string;
  readonly models: string;
  /** Folder of the shipped presets. */
  readonly presets: string;
  readonly vad: Vad;
  /** The recordings of a turn of the log, or of all turns of a session. @throws Fault */
  turns(from: { readonly turnIds: readonly string[] } | { readonly sessionId: string }): readonly LoggedRecording[];
  /** Whether the sound of that turn is still kept. */
  keeps(turnId: string): boolean;
  tell<N extends EventName>(name: N, payload: EventPayload<N>): void;
  onBrokenPreset(fault: Fault): void;
}

export interface LoggedRecording {
  readonly turnId: string;
  readonly path: string;
  readonly name: string;
}

interface ToOpen {
  readonly chosen: readonly Chosen[];
  /** What was named and holds no recordings. */
  readonly failures: VadSourceView['failures'];
}

/** The source that was used longest ago makes room for another. */
const MAX_SOURCES = 8;
const SHA256 = /^[0-9a-f]{64}$/;

export class VadLab {
  readonly presets: OwnPresets;
  readonly #options: LabOptions;
  readonly #work: WorkFolder;
  readonly #uploads: Uploads;
  /** The one used last is the last. */
  readonly #sources = new Map<string, OpenedSource>();
  /** What can be cancelled. */
  readonly #jobs = new Map<string, AbortController>();
  #listening: Listening | null = null;

  constructor(options: LabOptions) {
    const { home, presets, vad, onBrokenPreset } = options;
    this.#options = options;
    this.#work = new WorkFolder(home);
    this.#uploads = new Uploads(this.#work);
    this.presets = new OwnPresets(presets, home, vad.modelSha256, onBrokenPreset);
    // By another program, or while this one did not run.
    this.forgetErased();
  }

  get uploads(): Uploads {
    return this.#uploads;
  }

  /** What live detection makes of a preset. @throws Fault `preset-unfit` */
  liveSettings(preset: Omit<Preset, 'format'>): LiveSettings {
    return liveSettings(preset, this.#options.vad.modelSha256);
  }

  /** @throws Fault `source-closed` */
  source(id: string): OpenedSource {
    const source = this.#sources.get(id);
    if (!source) {
      throw new Fault('source-closed', 'These recordings are not open any more', { hint: 'Open them again.' });
    }
    this.#sources.delete(id);
    this.#sources.set(id, source);
    return source;
  }

  /** @throws Fault as `findRecordings` and `measure` */
  open({ sourceId, from }: CommandInput<'vadLab.open'>): Promise<VadSourceView> {
    return this.#opening(sourceId, async () => {
      if (from.kind === 'turns' || from.kind === 'session') {
        return { chosen: this.#options.turns(from).map((recording) => this.#ofTheLog(recording)), failures: [] };
      }
      const named = from.kind === 'uploads' ? [this.#uploads.folder(sourceId)] : from.paths.map(fromHome);
      const { paths, failures } = await findRecordings(named);
      return {
        chosen: paths.map((path) => this.#file(path, from.kind === 'files')),
        failures: failures.map(({ path, fault }) => ({ name: path, error: reportFault(fault) })),
      };
    });
  }

  cancel(id: string): void {
    this.#jobs.get(id)?.abort();
  }

  /** Forgets a source, what was uploaded for it and what the microphone brought. */
  close(id: string): void {
    this.cancel(id);
    if (this.#listening?.sourceId === id) this.#stopListening();
    this.#forget(id);
    this.#uploads.remove(id);
    this.#work.remove('recorded', id);
  }

  /** Sound of the log was erased: nothing that was made of it may be left here. */
  forgetErased(): void {
    for (const [id, source] of this.#sources) if (source.ofTheLog) this.close(id);
    const folder = this.#labelFolder;
    if (!existsSync(folder)) return;
    for (const file of readdirSync(folder)) {
      const [name = ''] = file.split('.', 1);
      if (!SHA256.test(name) && !this.#options.keeps(name)) rmSync(join(folder, file), { force: true });
    }
  }

  closeAll(): void {
    for (const id of this.#jobs.keys()) this.cancel(id);
    this.#stopListening();
    for (const id of [...this.#sources.keys()]) this.#forget(id);
    this.#work.remove();
  }

  listen({ sourceId, takeId }: CommandInput<'vadLab.listen'>): void {
    this.close(sourceId);
    this.#stopListening();
    const path = join(this.#work.folder('recorded', sourceId), 'microphone.wav');
    this.#listening = new Listening({ sourceId, takeId, path }, this.#options.vad, (heard) =>
      this.#options.tell('vadLab.heard', heard),
    );
  }

  /** @returns whether these samples of the microphone are for the Lab */
  receive(takeId: number, samples: Int16Array): boolean {
    if (this.#listening?.takeId !== takeId) return false;
    this.#listening.receive(samples);
    return true;
  }

  /** @throws Fault `nothing-recorded` and as `open` */
  async stopListening(sourceId: string): Promise<VadSourceView> {
    const listening = this.#listening?.sourceId === sourceId ? this.#stopListening() : null;
    if (!listening?.close()) {
      throw new Fault('nothing-recorded', 'The microphone brought no sound', {
        hint: 'Check that it is not muted, and listen again.',
      });
    }
    const { path } = listening;
    return this.#opening(sourceId, async () => ({ chosen: [this.#file(path, false)], failures: [] }));
  }

  async segment({ sourceId, recordingId, lanes }: CommandRequest<'vadLab.segment'>) {
    if (this.#listening?.sourceId === sourceId) {
      const { track } = this.#listening;
      const segmenter = new OfflineSegmenter();
      return lanes.map((parameters) => segmentLists(segmenter, track, parameters));
    }
    const source = this.source(sourceId);
    return source.bench.ask('segment', source.indexOf(recordingId), lanes);
  }

  /** @throws Fault `labels-none`, `cancelled` */
  async tune(request: CommandRequest<'vadLab.tune'>): Promise<CommandOutput<'vadLab.tune'>> {
    const { presets, tell } = this.#options;
    const { tuningId } = request;
    const source = this.source(request.sourceId);
    // From here on: what is cancelled at once has not begun yet.
    return this.#cancellable(tuningId, async (signal) =>
      tuneSource(source, request, await shippedPresets(presets), signal, (evaluated, of) =>
        tell('vadLab.tuning', { tuningId, evaluated, of }),
      ),
    );
  }

  /** Path of a file that the window may load; null when there is none. */
  async file(sourceId: string, recordingId: string, name: string): Promise<string | null> {
    return (await this.#sources.get(sourceId)?.file(recordingId, name)) ?? null;
  }

  /** What was open before stays so until all is there, and when it is cancelled or fails. */
  async #opening(id: string, choose: () => Promise<ToOpen>): Promise<VadSourceView> {
    const source = await this.#cancellable(id, async (signal) => {
      const opened = await this.#measured(id, await choose(), signal);
      if (!signal.aborted) return opened;
      opened.close();
      throw cancelled();
    });
    this.#forget(id);
    this.#sources.set(id, source);
    for (const oldest of [...this.#sources.keys()].slice(0, -MAX_SOURCES)) this.close(oldest);
    return source.view;
  }

  async #measured(id: string, { chosen, failures }: ToOpen, signal: AbortSignal): Promise<OpenedSource> {
    const { home, models, tell } = this.#options;
    const measurement = await measure({
      modelsFolder: models,
      cacheFolder: join(home, 'vad-cache'),
      paths: chosen.map(({ path }) => path),
      // One core is left to whoever talks meanwhile.
      threads: Math.max(1, availableParallelism() - 1),
      signal,
      onProgress: (progress) => tell('vadLab.measuring', { sourceId: id, ...progress }),
    });
    return OpenedSource.open(id, () => this.#work.folder('sound', id), chosen, measurement, failures);
  }

  async #cancellable<T>(id: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel(id);
    const cancelling = new AbortController();
    this.#jobs.set(id, cancelling);
    try {
      return await work(cancelling.signal);
    } finally {
      if (this.#jobs.get(id) === cancelling) this.#jobs.delete(id);
    }
  }

  #forget(id: string): void {
    this.#sources.get(id)?.close();
    this.#sources.delete(id);
    this.#work.remove('sound', id);
  }

  #stopListening(): Listening | null {
    const listening = this.#listening;
    this.#listening = null;
    listening?.close();
    return listening;
  }

  #ofTheLog({ turnId, path, name }: LoggedRecording): Chosen {
    const place = this.#labelPlace(turnId);
    return { path, name, turnId, own: false, labelPlaces: () => [place] };
  }

  #file(path: string, own: boolean): Chosen {
    const labelPlaces = (audioSha256: string) => (own ? [path] : [this.#labelPlace(audioSha256), path]);
    return { path, name: basename(path), turnId: null, own, labelPlaces };
  }

  /** Beside no recording: labels in the data folder, of a turn or of what has this digest. */
  #labelPlace(name: string): string {
    return join(this.#labelFolder, `${name}.wav`);
  }

  get #labelFolder(): string {
    return join(this.#options.home, 'vad-labels');
  }
}

/** As a shell would read it. */
function fromHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}
