/** Brings a settings file that an older Squelch wrote into today's shape; what it can't place is left for the schema to refuse. */

export function upgradeSettings(json: unknown): unknown {
  return isObject(json) ? withPaddings(withMode(json)) : json;
}

/** Live transcription was on or off before it had modes. */
function withMode(json: Record<string, unknown>): Record<string, unknown> {
  if (!isObject(json.stt) || typeof json.stt.live !== 'boolean') return json;
  const { live, ...stt } = json.stt;
  return { ...json, stt: { mode: live ? 'segmented' : 'batch', ...stt } };
}

/** Segments had one padding for both sides. */
function withPaddings(json: Record<string, unknown>): Record<string, unknown> {
  if (!isObject(json.vad) || typeof json.vad.paddingMs !== 'number') return json;
  const { paddingMs, ...vad } = json.vad;
  return { ...json, vad: { padBeforeMs: paddingMs, padAfterMs: paddingMs, ...vad } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
