/** The power of each frequency in a stretch of sound: a windowed FFT (radix 2), with everything it needs made once. */

export class Spectrum {
  readonly size: number;
  readonly #window: Float32Array;
  readonly #cosine: Float32Array;
  readonly #sine: Float32Array;
  readonly #reversed: Uint16Array;
  readonly #real: Float32Array;
  readonly #imaginary: Float32Array;

  /** @param size of the stretch, a power of two up to 65,536 */
  constructor(size: number) {
    this.size = size;
    const angle = (2 * Math.PI) / size;
    this.#window = Float32Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos(angle * i));
    this.#cosine = Float32Array.from({ length: size / 2 }, (_, i) => Math.cos(angle * i));
    this.#sine = Float32Array.from({ length: size / 2 }, (_, i) => -Math.sin(angle * i));
    const bits = Math.log2(size);
    this.#reversed = Uint16Array.from({ length: size }, (_, i) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
    this.#real = new Float32Array(size);
    this.#imaginary = new Float32Array(size);
  }

  /**
   * @param at the first sample; beyond the ends it is silent
   * @param decibels one for each of `size / 2` frequencies, 0 for a tone as loud as can be
   */
  measure(samples: Int16Array, at: number, decibels: Float32Array): void {
    const { size } = this;
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let i = 0; i < size; i++) {
      const to = this.#reversed[i] as number;
      real[to] = (((samples[at + i] ?? 0) / 32_768) * (this.#window[i] as number)) as number;
      imaginary[to] = 0;
    }
    for (let half = 1; half < size; half *= 2) this.#combine(half);
    const full = (size / 4) ** 2;
    for (let i = 0; i < size / 2; i++) {
      const power = ((real[i] as number) ** 2 + (imaginary[i] as number) ** 2) / full;
      decibels[i] = 10 * Math.log10(power + 1e-12);
    }
  }

  #combine(half: number): void {
    const { size } = this;
    const real = this.#real;
    const imaginary = this.#imaginary;
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let i = 0; i < half; i++) {
        const c = this.#cosine[i * stride] as number;
        const s = this.#sine[i * stride] as number;
        const [a, b] = [start + i, start + i + half];
        const re = (real[b] as number) * c - (imaginary[b] as number) * s;
        const im = (real[b] as number) * s + (imaginary[b] as number) * c;
        real[b] = (real[a] as number) - re;
        imaginary[b] = (imaginary[a] as number) - im;
        real[a] = (real[a] as number) + re;
        imaginary[a] = (imaginary[a] as number) + im;
      }
    }
  }
}
