/** What a server says may quote the token that it was shown. */
export function withoutToken(message: string): string {
  return message.replace(/eyJ[\w.-]+/g, '[token]');
}
