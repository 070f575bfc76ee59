/** Suspicious places: found by comparing settings, then listened to one after the other. */
import type { Lab } from './lab.ts';
import { showing } from './time-axis.ts';

/** The settings that are being changed, among those compared. */
export const OWN = 'these-settings';
/** Heard before and after a place, so that it can be judged. */
const AROUND_MS = 400;

/** @param presetIds what the settings are compared with */
export function findPlaces(lab: Lab, presetIds: readonly string[]): Promise<void> {
  return lab.attempt(async () => {
    const { parameters, presets } = lab.store.getState();
    const others = presets.filter(({ id }) => presetIds.includes(id));
    const found = await lab.bridge.invoke('vadLab.compare', {
      sourceId: lab.sourceId,
      settings: [{ id: OWN, parameters }, ...others.map(({ id, preset }) => ({ id, parameters: preset.parameters }))],
    });
    lab.store.setState({ places: { found, index: null } });
  });
}

/** Shows the next place, or the one before, and plays it. */
export async function goToPlace(lab: Lab, step: 1 | -1): Promise<void> {
  const { chosenId, places } = lab.store.getState();
  if (!places || places.found.places.length === 0) return;
  const last = places.found.places.length - 1;
  const index = Math.max(0, Math.min(last, places.index === null ? 0 : places.index + step));
  const place = places.found.places[index];
  if (!place) return;
  lab.store.setState({ places: { ...places, index } });
  if (place.recordingId !== chosenId) await lab.choose(place.recordingId);
  // Gone on to another meanwhile.
  if (lab.store.getState().places?.index !== index) return;
  const { extent } = lab.stage;
  const startMs = Math.max(0, place.startMs - AROUND_MS);
  const endMs = Math.min(extent.durationMs, place.endMs + AROUND_MS);
  lab.transport.stop();
  lab.transport.seek(startMs);
  lab.store.setState({ selection: { startMs: place.startMs, endMs: place.endMs }, hearing: 'all' });
  lab.stage.move(showing(startMs - 4 * AROUND_MS, endMs + 4 * AROUND_MS, extent));
  lab.transport.play({ startMs, endMs });
}

/** Labels the place as speech. */
export function labelPlace(lab: Lab): void {
  const { places } = lab.store.getState();
  const place = places?.index == null ? null : places.found.places[places.index];
  if (place) lab.edit({ type: 'add', startMs: place.startMs, endMs: place.endMs });
}
