/** Reads of a server no more than its messages may be long: what it sends without an end would fill the memory. */

/** As long as a line of a program may be to the SDK. */
const LONGEST_MESSAGE = 10 << 20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** @param flooded called when a message is longer; its body fails then */
export function boundedFetch(inner: typeof fetch, flooded: () => void): typeof fetch {
  return async (input, init) => {
    const response = await inner(input, init);
    if (!response.body) return response;
    const { status, statusText, headers, url } = response;
    const length = headers.get('content-type')?.startsWith('text/event-stream') ? eventLength() : wholeLength();
    const bounded = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        if (length(chunk) > LONGEST_MESSAGE) {
          flooded();
          controller.error(new Error('it sent too much'));
        } else controller.enqueue(chunk);
      },
    });
    const body = response.body.pipeThrough(bounded);
    return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: url });
  };
}

type Length = (chunk: Uint8Array) => number;

function wholeLength(): Length {
  let length = 0;
  return (chunk) => {
    length += chunk.length;
    return length;
  };
}

/** Of the event that is under way: a stream of them may go on for days, and an empty line ends each. */
function eventLength(): Length {
  let length = 0;
  let lineIsEmpty = true;
  return (chunk) => {
    for (const byte of chunk) {
      length += 1;
      if (byte !== NEWLINE && byte !== RETURN) lineIsEmpty = false;
      else if (byte === NEWLINE) {
        if (lineIsEmpty) length = 0;
        lineIsEmpty = true;
      }
    }
    return length;
  };
}
