/**
 * An agent of `@livekit/agents` in rooms, with the behaviour of its push-to-talk example: whoever calls `start_turn` is
 * heard until `end_turn` or `cancel_turn`. Run where its packages are installed, with the provider's address and the
 * rooms as JSON; tells of itself as self-measure.ts has it.
 */
import { inference, initializeLogger, voice } from '@livekit/agents';
import * as openai from '@livekit/agents-plugin-openai';
import { Room } from '@livekit/rtc-node';
import { answerCommands } from '../self-measure.ts';

class PushToTalk extends voice.Agent {
  async onUserTurnCompleted(_chatContext, message) {
    if (!message.textContent) throw new voice.StopResponse();
  }
}

const { baseUrl, url, tokens } = JSON.parse(process.argv[2]);
const server = { apiKey: 'sk-peer', baseURL: baseUrl };
initializeLogger({ pretty: false, level: 'silent' });

async function join(token) {
  const room = new Room();
  await room.connect(url, token, { autoSubscribe: true, dynacast: false });
  const session = new voice.AgentSession({
    turnDetection: 'manual',
    vad: new inference.VAD(),
    stt: new openai.STT({ ...server, model: 'whisper-1', useRealtime: false }),
    llm: new openai.LLM({ ...server, model: 'gpt-5-mini' }),
    tts: new openai.TTS({ ...server, model: 'gpt-4o-mini-tts', voice: 'alloy' }),
  });
  await session.start({ agent: new PushToTalk({ instructions: 'Answer briefly.' }), room });
  const answer = (method, work) =>
    room.localParticipant.registerRpcMethod(method, async () => {
      work();
      return 'ok';
    });
  answer('start_turn', () => {
    session.interrupt();
    session.clearUserTurn();
  });
  answer('end_turn', () => session.commitUserTurn());
  answer('cancel_turn', () => session.clearUserTurn());
}

for (const token of tokens) await join(token);
await answerCommands();
process.exit();
