/** An answer, told to the session: what happens while it is made, and at its end what of it stays in the conversation. */
import type { AnswerResult } from './answer.ts';
import type { AnswerEvents } from './answer-input.ts';
import { joined } from './speech-output.ts';
import type { TurnClock } from './turn-clock.ts';
import type { TurnHost } from './turn-host.ts';

export function answerEvents(host: TurnHost, turnId: string, clock: TurnClock): AnswerEvents {
  return {
    speechCreated: ({ speech, handle }) =>
      host.emit({ type: 'speech_created', turnId, source: speech.type, speechId: handle.id }),
    text(text) {
      clock.mark('token');
      host.emit({ type: 'agent_text_generated', turnId, text });
    },
    audio: (samples, text) => host.emit({ type: 'agent_audio_generated', turnId, samples, text: text ?? null }),
    heard(heardSamples, heardText) {
      if (heardSamples > 0) {
        clock.mark('audio');
        host.dispatch({ type: 'reply_audible', turnId });
      }
      host.emit({ type: 'agent_speech_heard', turnId, heardSamples, heardText });
    },
    toolsCalled(calls) {
      for (const call of calls) host.addItem(call, turnId);
    },
    toolsExecuted(executed) {
      for (const { output } of executed) host.addItem(output, turnId);
      const executions = executed.map(({ call, output, durationMs, failure }) => ({
        call,
        output,
        durationMs,
        failure,
      }));
      host.emit({ type: 'function_tools_executed', turnId, executions });
    },
    handoff: (agent) => host.handOver(agent),
  };
}

/** Of an answer that was cut short only what was heard stays. @returns whether the conversation got an answer */
export function keepAnswer(host: TurnHost, turnId: string, { said, complete, fault }: AnswerResult): boolean {
  let messageId: string | null = null;
  for (const { agent, message, part } of said) {
    if (!message) continue;
    // When only the voice failed, the words were still read.
    const shown = complete || fault?.stage === 'tts' ? part.text : part.heardText;
    // A hook or a tool may have put a copy of the conversation in its place, and another agent may go on with it.
    const contexts = new Set([agent.liveContext, host.session.currentAgent.liveContext]);
    if (shown === '') {
      for (const context of contexts) context.remove(message.id);
      continue;
    }
    message.content = [shown];
    if (!complete) message.interrupted = true;
    for (const context of contexts) context.replace(message);
    messageId ??= message.id;
    host.addItem(message, turnId);
  }
  const parts = said.map(({ part }) => part);
  const text = joined(parts, (part) => part.text);
  if (text === '') return false;
  const heardText = complete ? text : joined(parts, (part) => part.heardText);
  host.emit({ type: 'agent_speech_committed', turnId, messageId, text, heardText, interrupted: !complete });
  return messageId !== null;
}
