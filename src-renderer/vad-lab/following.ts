/** Keeps segments and scores in step with the settings: asked for again with every movement of a slider, of which only the newest counts. */
import type { StoreApi } from 'zustand/vanilla';
import type { Bridge } from '../../src-preload/bridge.ts';
import type { VadSegments } from '../../src-preload/vad-lab-contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import type { Segment } from './drawing/lanes.ts';
import { chosenRecording, type LabState } from './lab-state.ts';
import type { Label } from './label-editing.ts';
import { newestOnly } from './newest.ts';

export function followSettings(store: StoreApi<LabState>, bridge: Bridge, sourceId: string): void {
  const failed = (thrown: unknown) => store.setState({ fault: faultOf(thrown) });
  const segment = newestOnly<LabState>((state) => readSegments(state, store, bridge, sourceId).catch(failed));
  /** The labels of each recording as the core was last told. */
  const told = new Map<string, readonly Label[]>();
  const judge = newestOnly<LabState>((state) => readScore(state, told, store, bridge, sourceId).catch(failed));
  store.subscribe((state, before) => {
    if (state.source !== before.source) told.clear();
    const settled = state.parameters !== before.parameters || state.source !== before.source;
    if (settled || state.chosenId !== before.chosenId || state.compared !== before.compared) segment(state);
    else if (state.listening && state.media !== before.media) segment(state);
    if (settled || state.drafts !== before.drafts || state.cost !== before.cost) judge(state);
  });
}

async function readSegments(
  state: LabState,
  store: StoreApi<LabState>,
  bridge: Bridge,
  sourceId: string,
): Promise<void> {
  const recording = chosenRecording(state);
  if (!recording) return;
  const others = state.presets.filter(({ id }) => state.compared.includes(id));
  const found = await bridge.invoke('vadLab.segment', {
    sourceId,
    recordingId: recording.id,
    lanes: [state.parameters, ...others.map(({ preset }) => preset.parameters)],
  });
  if (store.getState().chosenId !== recording.id) return;
  const lanes = found.map((segments, i) => ({
    presetId: others[i - 1]?.id ?? null,
    segments: inMs(segments, recording.sampleRate),
  }));
  store.setState({ lanes });
}

async function readScore(
  state: LabState,
  told: Map<string, readonly Label[]>,
  store: StoreApi<LabState>,
  bridge: Bridge,
  sourceId: string,
): Promise<void> {
  for (const recording of state.source?.recordings ?? []) {
    const labels = state.drafts.get(recording.id)?.labels;
    if (
      !labels ||
      labels === (told.get(recording.id) ?? recording.labels) ||
      (labels.length === 0 && !recording.labels)
    ) {
      continue;
    }
    told.set(recording.id, labels);
    await bridge.invoke('vadLab.setLabels', { sourceId, recordingId: recording.id, labels: [...labels] });
  }
  const labelled = [...state.drafts.values()].some(({ labels }) => labels.length > 0);
  if (!labelled) {
    store.setState({ score: null });
    return;
  }
  const [score] = await bridge.invoke('vadLab.score', { sourceId, settings: [state.parameters], cost: state.cost });
  store.setState({ score: score ?? null });
}

function inMs({ decided, ends, starts }: VadSegments, sampleRate: number): Segment[] {
  const ms = (samples: number | undefined) => ((samples ?? 0) * 1000) / sampleRate;
  return starts.map((start, i) => ({ startMs: ms(start), endMs: ms(ends[i]), decidedMs: ms(decided[i]) }));
}
