/** How recordings come to be open: asked for, brought file by file, given up, and asked for again when the core has lost them. */
import type { StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../src-preload/bridge.ts';
import type { VadSourceView } from '../../src-preload/vad-lab-contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { carriedOver } from './carried-over.ts';
import { chosenRecording, type LabState, NOTHING_OPEN, type Origin } from './lab-state.ts';
import type { Transport } from './transport.ts';
import { uploadFiles } from './upload.ts';

/** What is opened into: the lab, as far as it is known here. */
interface OpenedInto {
  readonly bridge: Bridge;
  readonly sourceId: string;
  readonly store: StoreApi<LabState>;
  readonly transport: Transport;
  show(source: VadSourceView, origin: Origin): Promise<void>;
  choose(id: string): Promise<void>;
  attempt(work: () => Promise<unknown>): Promise<void>;
}

export class Opening {
  readonly #lab: OpenedInto;
  #cancelling = new AbortController();

  constructor(lab: OpenedInto) {
    const { bridge, sourceId, store } = lab;
    this.#lab = lab;
    bridge.on('vadLab.measuring', ({ recordings, recordingsDone, sourceId: of }) => {
      if (of === sourceId && store.getState().opening) {
        store.setState({ opening: { done: recordingsDone, of: recordings } });
      }
    });
    bridge.onConnection((connected) => {
      if (connected) void this.#again();
      // What it has heard is gone with the core.
      else if (store.getState().listening) store.setState(NOTHING_OPEN);
    });
  }

  async open(origin: Origin): Promise<void> {
    this.#lab.transport.stop();
    const source = await this.#bring(origin);
    if (source) return this.#lab.show(source, origin);
    // What was open has made room for the files.
    const { store } = this.#lab;
    if (origin.kind === 'given') store.setState({ ...NOTHING_OPEN, fault: store.getState().fault });
  }

  cancel(): void {
    const { bridge, sourceId } = this.#lab;
    this.#cancelling.abort();
    void this.#lab.attempt(() => bridge.invoke('vadLab.cancel', { id: sourceId }));
  }

  /** A core forgets what a window had open when it loses the window, and when it is started anew. */
  async #again(): Promise<void> {
    const { store } = this.#lab;
    const { origin } = store.getState();
    const source = origin && (await this.#bring(origin));
    if (!source) return;
    const before = store.getState();
    // Places name recordings by their old ids.
    store.setState({ ...carriedOver(before, source), opening: null, places: null });
    const chosen = chosenRecording(store.getState());
    const [first] = source.recordings;
    const loaded = before.media && chosen?.soundPath === chosenRecording(before)?.soundPath;
    if (!loaded && first) await this.#lab.choose(chosen?.id ?? first.id);
  }

  /** @returns null when it was given up, or failed; that is shown then */
  async #bring(origin: Origin): Promise<VadSourceView | null> {
    const { bridge, sourceId, store } = this.#lab;
    const cancelling = new AbortController();
    this.#cancelling = cancelling;
    store.setState({ opening: { done: 0, of: 0 }, fault: null });
    try {
      if (origin.kind !== 'given') return await bridge.invoke('vadLab.open', { sourceId, from: origin });
      await bridge.invoke('vadLab.close', { sourceId });
      await uploadFiles(bridge, sourceId, origin.files, cancelling.signal, (done) =>
        store.setState({ opening: { done, of: origin.files.length } }),
      );
      return await bridge.invoke('vadLab.open', { sourceId, from: { kind: 'uploads' } });
    } catch (thrown) {
      const fault = faultOf(thrown);
      const givenUp = cancelling.signal.aborted || fault.code === 'cancelled';
      // Of two, the later one is shown.
      if (this.#cancelling === cancelling) store.setState({ opening: null, fault: givenUp ? null : fault });
      return null;
    }
  }
}
