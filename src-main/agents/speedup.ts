/** Speed-up: everything is spoken faster, at the same pitch, whether a text-to-speech or a realtime model speaks. */
import type { AudioFrame } from '../audio/frame.ts';
import { Agent } from '../conversation/agent.ts';
import type { NodeSettings } from '../conversation/node.ts';
import { stretched } from './time-stretch.ts';

const INSTRUCTIONS =
  'You are a voice assistant for somebody in a hurry. Answer in one or two short spoken sentences, without markup.';

const SPEED = 1.5;

export class Speedup extends Agent {
  constructor() {
    super({ id: 'speedup', instructions: INSTRUCTIONS });
  }

  override async *ttsNode(text: AsyncIterable<string>, settings: NodeSettings): AsyncGenerator<AudioFrame> {
    const frames = Agent.default.ttsNode(this, text, settings);
    if (frames) yield* stretched(frames, SPEED);
  }

  override realtimeAudioOutputNode(audio: AsyncIterable<AudioFrame>, settings: NodeSettings) {
    return stretched(Agent.default.realtimeAudioOutputNode(this, audio, settings), SPEED);
  }
}
