/** The colours of the theme as a canvas needs them: looked up once, and again when light turns to dark. */

const NAMES = ['paper', 'raised', 'sunk', 'line', 'line-strong', 'ink', 'ink-2', 'ink-3', 'error', 'live'] as const;

export type Palette = Readonly<Record<(typeof NAMES)[number] | 'evidence' | 'words', string>>;

/** `light-dark()` is resolved only where a colour is used, so a probe wears each in turn. */
export function readPalette(): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  // Where the system decides the colours, the theme's are its own, and a canvas is asked for them by name.
  probe.style.forcedColorAdjust = 'none';
  document.body.append(probe);
  const colours = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  const fonts = ['evidence', 'words'].map((name) => {
    probe.style.fontFamily = `var(--${name})`;
    return [name, getComputedStyle(probe).fontFamily] as const;
  });
  probe.remove();
  return Object.fromEntries([...colours, ...fonts]) as Palette;
}

export function watchPalette(changed: () => void): void {
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', changed);
  }
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-appearance'] });
}
