/** The low-pass filter of sample rate conversion: a sinc under a Kaiser window. */

/**
 * @param distance from the wanted position, in samples
 * @param corner relative to half the sample rate
 * @param reach samples on each side
 */
export function kaiserSinc(distance: number, corner: number, reach: number, beta: number): number {
  return sinc(distance * corner) * kaiser(distance / reach, beta);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** @param x from -1 to 1, the edges of the window */
function kaiser(x: number, beta: number): number {
  return besselI0(beta * Math.sqrt(Math.max(0, 1 - x * x)));
}

/** Modified Bessel function of the first kind, order zero, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-10 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
