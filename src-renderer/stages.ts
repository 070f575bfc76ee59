/** The three stages in the order a turn passes them; written here because the contract's table brings its schemas along. */
import type { Stage } from '../src-preload/settings.ts';

export const STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];
