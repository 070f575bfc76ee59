/** What went over a realtime connection, one message a line: the words of it, put together. */
import { asObject, at, list, parse, textOf } from './json.ts';
import type { Readable, Said } from './said.ts';

type Message = Readonly<Record<string, unknown>>;

/** @returns null when these are no such messages */
export function readableMessages(text: string): Readable | null {
  const messages = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => asObject(parse(line)));
  if (messages.length === 0 || !messages.every((message) => typeof message?.type === 'string')) return null;
  const known = messages as Message[];
  return {
    said: known.flatMap(saidOf),
    tools: [
      ...new Set(
        known.flatMap((message) => list(at(message, 'session', 'tools')).map((tool) => textOf(at(tool, 'name')))),
      ),
    ],
    sounds: known.filter(({ type }) => SOUND.test(String(type))).length,
  };
}

const SOUND = /^(input_audio_buffer\.append|response\.(output_)?audio\.delta)$/;

/** Whole sentences alone: the pieces that came before them say the same. */
function saidOf(message: Message): Said[] {
  switch (message.type) {
    case 'session.update':
      return said('system', at(message, 'session', 'instructions'));
    case 'response.create':
      return said('system', at(message, 'response', 'instructions'));
    case 'conversation.item.create':
      return itemOf(message.item);
    case 'conversation.item.input_audio_transcription.completed':
      return said('user', message.transcript);
    case 'response.output_audio_transcript.done':
    case 'response.audio_transcript.done':
      return said('assistant', message.transcript);
    case 'response.output_text.done':
      return said('assistant', message.text);
    case 'response.output_item.done':
      return textOf(at(message, 'item', 'type')) === 'function_call' ? itemOf(message.item) : [];
    case 'error':
      return said(null, at(message, 'error', 'message'));
    default:
      return [];
  }
}

function itemOf(item: unknown): Said[] {
  switch (textOf(at(item, 'type'))) {
    case 'message':
      return said(
        textOf(at(item, 'role')),
        list(at(item, 'content'))
          .map((part) => textOf(at(part, 'text')) || textOf(at(part, 'transcript')))
          .join('\n'),
      );
    case 'function_call': {
      const call = { name: textOf(at(item, 'name')), arguments: textOf(at(item, 'arguments')) };
      return [{ role: 'assistant', text: '', calls: [call], images: [] }];
    }
    case 'function_call_output':
      return said('tool', at(item, 'output'));
    default:
      return [];
  }
}

function said(role: string | null, text: unknown): Said[] {
  return typeof text === 'string' && text !== '' ? [{ role, text, calls: [], images: [] }] : [];
}
