/** Which status an error has, or would have: servers also report errors in answers that began well, by a code. */
import type { APIError } from 'openai';

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  invalid_api_key: 401,
  missing_api_key: 401,
  model_not_found: 404,
  context_length_exceeded: 400,
  insufficient_quota: 429,
  rate_limit_exceeded: 429,
};

/** @returns undefined for an error that says nothing of the kind */
export function errorStatus({ status, code }: Pick<APIError, 'status' | 'code'>): number | undefined {
  if (status !== undefined) return status;
  const number = Number(code ?? Number.NaN);
  return number >= 400 && number < 600 ? number : statusOfCode(code);
}

export function statusOfCode(code: unknown): number | undefined {
  return STATUS_OF_CODE[String(code)];
}
