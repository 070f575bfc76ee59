/**
 * A form with one file, as the bytes that are sent. Made here, because the way through `FormData`, a `Blob` and streams
 * stands between the release of the key and the request, and costs as much as everything else that happens there.
 * Layout: RFC 7578, names and values as the HTML standard's "multipart/form-data encoding algorithm" writes them.
 */
import { randomUUID } from 'node:crypto';

export interface FormFile {
  readonly name: string;
  readonly filename: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface EncodedForm {
  /** With the boundary. */
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

export function encodeForm(file: FormFile, fields: Readonly<Record<string, string>>): EncodedForm {
  const boundary = `form-${randomUUID()}`;
  const part = (disposition: string) => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const name = `name="${escaped(file.name)}"; filename="${escaped(file.filename)}"`;
  const fieldParts = Object.entries(fields).map(
    ([field, value]) => `${part(`name="${escaped(field)}"`)}\r\n${value.replace(/\r\n|\r|\n/g, '\r\n')}\r\n`,
  );
  const body = Buffer.concat([
    Buffer.from(`${part(name)}Content-Type: ${file.type}\r\n\r\n`),
    file.bytes,
    Buffer.from(`\r\n${fieldParts.join('')}--${boundary}--\r\n`),
  ]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

function escaped(name: string): string {
  return name.replace(/\r\n|\r|\n/g, '%0D%0A').replaceAll('"', '%22');
}
