import { expect, it } from 'vitest';
import { encodeForm } from '../../../src-main/providers/openai/multipart.ts';

it('is read by a server as it was meant, whatever is in it', async () => {
  const bytes = Uint8Array.from({ length: 1_000 }, (_, i) => i % 256);
  const fields = { model: 'whisper-1', prompt: 'He said “no”.\r\n--form-data; name="x"\r\nGrüße 🙂', 'a "name"': '' };
  const { body, contentType } = encodeForm({ name: 'file', filename: 'a "b".wav', type: 'audio/wav', bytes }, fields);
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  const { file, ...read } = Object.fromEntries(form);
  expect(read).toEqual(fields);
  expect(file).toMatchObject({ name: 'a "b".wav', type: 'audio/wav' });
  expect(new Uint8Array(await (file as File).arrayBuffer())).toEqual(bytes);
});
