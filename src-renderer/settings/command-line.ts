/** A command and its arguments as one line, quoted as in a terminal where a part holds spaces. */

export function splitCommand(line: string): string[] {
  const parts = line.matchAll(/(?:[^\s"']+|"(?:\\.|[^"\\])*"|'[^']*')+/g);
  return [...parts].map(([part]) =>
    part.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) =>
      double === undefined ? (single ?? '') : double.replace(/\\(["\\])/g, '$1'),
    ),
  );
}

export function joinCommand(parts: readonly string[]): string {
  return parts.map((part) => (/^[^\s"']+$/.test(part) ? part : `"${part.replace(/["\\]/g, '\\$&')}"`)).join(' ');
}
