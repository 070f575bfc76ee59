/** The VAD Lab behind its screen: recordings opened, settings tried on them, labels drawn. It outlives the screen, so that a look at Talk loses nothing. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../src-preload/bridge.ts';
import type { VadSettings } from '../../src-preload/settings.ts';
import type { VadParameters, VadSourceView } from '../../src-preload/vad-lab-contract.ts';
import { COST_WEIGHTS, SILERO_PARAMETERS } from '../../src-preload/vad-parameters.ts';
import { faultOf } from '../bridge/command-error.ts';
import type { Services } from '../services.ts';
import { Stage } from './drawing/stage.ts';
import { followSettings } from './following.ts';
import { chosenRecording, type LabState, NOTHING_OPEN, type Origin } from './lab-state.ts';
import { beginDraft, editLabels, isUnsaved, type LabelEdit } from './label-editing.ts';
import { loadMedia } from './media.ts';
import { Opening } from './opening.ts';
import type { Span } from './spans.ts';
import { Transport } from './transport.ts';

export class Lab {
  readonly services: Services;
  readonly bridge: Bridge;
  readonly store: StoreApi<LabState>;
  readonly stage = new Stage();
  readonly transport: Transport;
  readonly opening: Opening;
  readonly sourceId = `window-${crypto.randomUUID()}`;
  #loading = new AbortController();

  constructor(services: Services) {
    const { bridge, playback, store } = services;
    this.services = services;
    this.bridge = bridge;
    const settings = store.getState().app?.settings.vad;
    this.store = createStore<LabState>()(() => initialState(settings ? parametersOf(settings) : SILERO_PARAMETERS));
    this.transport = new Transport(this.store, this.stage, playback);
    followSettings(this.store, bridge, this.sourceId);
    this.store.subscribe(() => this.stage.invalidate());
    this.opening = new Opening(this);
    void this.readPresets();
  }

  /** Opens something else, after the user was asked about labels that are not saved. */
  replace(work: () => Promise<void>): void {
    if (this.unsaved.length > 0) this.store.setState({ pending: work });
    else void work();
  }

  /** Recordings whose labels are not saved. */
  get unsaved(): readonly string[] {
    return [...this.store.getState().drafts].filter(([, draft]) => isUnsaved(draft)).map(([id]) => id);
  }

  /** @param origin null for what can't be opened again */
  async show(source: VadSourceView, origin: Origin | null = null): Promise<void> {
    const drafts = source.recordings.map(
      ({ durationMs, id, labels }) => [id, beginDraft(labels ?? [], durationMs)] as const,
    );
    this.store.setState({ ...NOTHING_OPEN, source, origin, drafts: new Map(drafts) });
    const [first] = source.recordings;
    if (first) await this.choose(first.id);
  }

  async choose(id: string): Promise<void> {
    this.transport.stop();
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    this.store.setState({ chosenId: id, media: null, lanes: [], selection: null });
    const recording = chosenRecording(this.store.getState());
    if (!recording) return;
    try {
      const media = await loadMedia(recording, signal);
      if (signal.aborted) return;
      this.stage.show(recording.durationMs);
      this.transport.seek(0);
      this.store.setState({ media });
    } catch (thrown) {
      if (!signal.aborted) this.store.setState({ fault: faultOf(thrown) });
    }
  }

  set(change: Partial<VadParameters>): void {
    this.store.setState(({ parameters }) => ({ parameters: { ...parameters, ...change } }));
  }

  choosePreset(presetId: string): void {
    const found = this.store.getState().presets.find(({ id }) => id === presetId);
    if (found) this.store.setState({ presetId, parameters: found.preset.parameters });
  }

  readPresets(): Promise<void> {
    return this.attempt(async () => this.store.setState({ presets: await this.bridge.invoke('vadLab.presets', {}) }));
  }

  select(selection: Span | null): void {
    this.store.setState({ selection });
    this.transport.goOn();
  }

  /** Of the chosen recording. */
  edit(edit: LabelEdit): void {
    const { chosenId } = this.store.getState();
    if (chosenId !== null) this.#editOf(chosenId, edit);
  }

  /** Tells the core what is drawn, so that it can write it. */
  async giveLabels(recordingId: string): Promise<void> {
    const labels = this.store.getState().drafts.get(recordingId)?.labels ?? [];
    await this.bridge.invoke('vadLab.setLabels', { sourceId: this.sourceId, recordingId, labels: [...labels] });
  }

  /** @returns the file they are in now */
  async saveLabels(recordingId: string): Promise<string> {
    const labels = this.store.getState().drafts.get(recordingId)?.labels ?? [];
    await this.giveLabels(recordingId);
    const { file } = await this.bridge.invoke('vadLab.saveLabels', { sourceId: this.sourceId, recordingId });
    this.#editOf(recordingId, { type: 'saved', labels });
    return file;
  }

  /** @returns what had to be changed to make them fit */
  async importLabels(recordingId: string, name: string, text: string): Promise<readonly string[]> {
    const place = { sourceId: this.sourceId, recordingId };
    const { labels, warnings } = await this.bridge.invoke('vadLab.readLabels', { ...place, name, text });
    this.#editOf(recordingId, { type: 'replace', labels });
    return warnings;
  }

  #editOf(recordingId: string, edit: LabelEdit): void {
    const { drafts } = this.store.getState();
    const draft = drafts.get(recordingId);
    const edited = draft && editLabels(draft, edit);
    if (edited && edited !== draft) this.store.setState({ drafts: new Map(drafts).set(recordingId, edited) });
  }

  /** What goes wrong is shown at the head of the screen. */
  async attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.store.setState({ fault: faultOf(thrown) });
    }
  }
}

/** What the app listens with. */
export function parametersOf({ preset: _, ...vad }: VadSettings): VadParameters {
  return { ...SILERO_PARAMETERS, ...vad };
}

function initialState(parameters: VadParameters): LabState {
  return {
    ...NOTHING_OPEN,
    parameters,
    presets: [],
    presetId: null,
    compared: [],
    cost: COST_WEIGHTS,
    worstFirst: false,
    looping: false,
    hearing: 'all',
    playing: false,
    panel: 'settings',
    spectrogram: false,
  };
}

const labs = new WeakMap<Services, Lab>();

/** One for the window. */
export function labOf(services: Services): Lab {
  const known = labs.get(services);
  if (known) return known;
  const lab = new Lab(services);
  labs.set(services, lab);
  return lab;
}

export const LabContext = createContext<Lab | null>(null);

export function useLab(): Lab {
  const lab = useContext(LabContext);
  if (!lab) throw new Error('LabContext is not provided');
  return lab;
}

/** @param select must give the same value while nothing changed. */
export function useLabState<T>(select: (state: LabState) => T): T {
  return useStore(useLab().store, select);
}
