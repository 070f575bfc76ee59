/** Brings a settings file that an older Squelch wrote into today's shape; what it can't place is left for the schema to refuse. */

export function upgradeSettings(json: unknown): unknown {
  if (!isObject(json) || !isObject(json.stt) || typeof json.stt.live !== 'boolean') return json;
  const { live, ...stt } = json.stt;
  return { ...json, stt: { mode: live ? 'segmented' : 'batch', ...stt } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
