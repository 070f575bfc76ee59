/** The microphone as a source: what the model hears of it is drawn as it comes, and what was recorded stays when it ends. */
import type { VadRecordingView, VadSourceView } from '../../src-preload/vad-lab-contract.ts';
import { labWords } from '../i18n/vad-lab-words.ts';
import { newTakeId } from '../talk/take-id.ts';
import type { Lab } from './lab.ts';
import { NOTHING_OPEN } from './lab-state.ts';
import { LiveMedia } from './live-media.ts';

/** The only recording there is until it ends. */
const RECORDING_ID = '0';
const SAMPLE_RATE = 16_000;

/** Call in a user gesture. */
export function startListening(lab: Lab): Promise<void> {
  const { bridge, services, sourceId, stage, store, transport } = lab;
  return lab.attempt(async () => {
    if (store.getState().listening || services.capture.takeId !== null) return;
    transport.stop();
    const takeId = newTakeId();
    services.capture.open(takeId);
    try {
      await bridge.invoke('vadLab.listen', { sourceId, takeId });
    } catch (thrown) {
      await services.capture.close(false);
      throw thrown;
    }
    await lab.show({ ...NO_SOURCE, id: sourceId });
    const media = new LiveMedia(SAMPLE_RATE);
    stage.show(0);
    store.setState({
      source: { ...NO_SOURCE, id: sourceId, recordings: [recordingNow()] },
      chosenId: RECORDING_ID,
      media: media.now,
      listening: true,
    });
    const stops = [
      bridge.on('vadLab.heard', (heard) => {
        if (heard.sourceId !== sourceId) return;
        store.setState({ media: media.append(heard) });
        stage.grow(media.durationMs);
      }),
      // A turn needs the microphone, or it went away.
      services.store.subscribe(({ conversation, fault }, before) => {
        if (conversation.takeId !== null || (fault && fault !== before.fault)) void stopListening(lab);
      }),
      store.subscribe(({ listening }) => {
        if (listening) return;
        for (const stop of stops) stop();
        // Something else was opened meanwhile.
        if (services.capture.takeId === takeId) void services.capture.close(false);
      }),
    ];
  });
}

/** @returns once what was recorded is open */
export function stopListening(lab: Lab): Promise<void> {
  const { bridge, services, sourceId, store } = lab;
  return lab.attempt(async () => {
    if (!store.getState().listening) return;
    if (services.store.getState().conversation.takeId === null) await services.capture.close(true);
    // It may have been asked for twice.
    if (!store.getState().listening) return;
    store.setState({ ...NOTHING_OPEN });
    await lab.show(await bridge.invoke('vadLab.stopListening', { sourceId }));
  });
}

const NO_SOURCE: VadSourceView = { id: '', modelSha256: '', recordings: [], failures: [], warnings: [] };

function recordingNow(): VadRecordingView {
  return {
    id: RECORDING_ID,
    name: labWords.open.live,
    path: null,
    turnId: null,
    audioSha256: '',
    sampleRate: SAMPLE_RATE,
    samples: 0,
    durationMs: 0,
    warnings: [],
    labels: null,
    labelFile: null,
    labelFault: null,
    probabilitiesPath: '',
    soundPath: '',
    peaksPath: '',
    peakLevels: [],
  };
}
