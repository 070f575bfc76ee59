/** Text on a canvas, where nothing cuts it off with an ellipsis by itself. */

interface Ruler {
  measureText(text: string): { readonly width: number };
}

/** @returns as much of the text as there is room for; nothing where that says nothing */
export function fitted(ruler: Ruler, text: string, room: number): string {
  if (text === '' || ruler.measureText(text).width <= room) return text;
  const letters = [...text];
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (ruler.measureText(cut(letters, middle)).width <= room) fits = middle;
    else tooLong = middle;
  }
  return fits === 0 ? '' : cut(letters, fits);
}

function cut(letters: readonly string[], count: number): string {
  return `${letters.slice(0, count).join('').trimEnd()}…`;
}
