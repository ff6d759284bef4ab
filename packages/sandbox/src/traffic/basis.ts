import { hashUnit } from './hash';

/** How rates breathe over time. All shares of the base rate. */
export interface RhythmOptions {
  /** Amplitude of the daily wave, 0..0.5. */
  daily: number;
  /** Amplitude of the faster movement, 0..0.2. */
  jitter: number;
  /** UTC hour of the daily maximum. */
  peakHour: number;
}

/** Rate functions: the first half carries traffic (mean 1), the second half only moves splits (mean 0). */
export const RATE_FUNCTIONS = 8;
export const BASIS_SIZE = RATE_FUNCTIONS * 2;

const DAY_SECONDS = 86_400;
const JITTER_PERIODS = [31, 74, 181, 433, 1171];
const SPLIT_PERIODS = [97, 251, 613, 1493];

interface Wave {
  amplitude: number;
  omega: number;
  phase: number;
}

/**
 * Integrals of the rate functions since the epoch, in closed form: the integral of
 * 1 + a·cos(wt + p) is t + a/w·(sin(wt + p) - sin(p)). So a counter at any moment is one dot product.
 */
export class Basis {
  private readonly waves: Wave[][];
  private readonly origin: Float64Array;
  private readonly memo = new Map<number, Float64Array>();

  constructor(
    private readonly epochMs: number,
    seed: string,
    private readonly rhythm: RhythmOptions,
  ) {
    this.waves = Array.from({ length: BASIS_SIZE }, (_, index) =>
      index < RATE_FUNCTIONS
        ? rateWaves(`${seed}/${index}`, rhythm)
        : splitWaves(`${seed}/${index}`),
    );
    this.origin = Float64Array.from(this.waves, waves =>
      waves.reduce(
        (sum, wave) => sum + antiderivative(wave, epochMs / 1000),
        0,
      ),
    );
  }

  /** Values of all integrals at a moment (epoch milliseconds); treat as frozen. */
  at(timeMs: number): Float64Array {
    const known = this.memo.get(timeMs);
    if (known) return known;
    const seconds = timeMs / 1000;
    const values = new Float64Array(BASIS_SIZE);
    const elapsed = seconds - this.epochMs / 1000;
    for (let index = 0; index < BASIS_SIZE; index++) {
      let value = index < RATE_FUNCTIONS ? elapsed : 0;
      for (const wave of this.waves[index]) {
        value += antiderivative(wave, seconds);
      }
      values[index] = value - this.origin[index];
    }
    if (this.memo.size > 20_000) this.memo.clear();
    this.memo.set(timeMs, values);
    return values;
  }

  /** Momentary values of the functions themselves. */
  ratesAt(timeMs: number): Float64Array {
    const seconds = timeMs / 1000;
    return Float64Array.from(this.waves, (waves, index) =>
      waves.reduce(
        (sum, { amplitude, omega, phase }) =>
          sum + amplitude * Math.cos(omega * seconds + phase),
        index < RATE_FUNCTIONS ? 1 : 0,
      ),
    );
  }

  /** Lower bound of every carrying function; positive, so counters never fall. */
  lowest(): number {
    return 1 - this.rhythm.daily - this.rhythm.jitter;
  }
}

function antiderivative(wave: Wave, seconds: number): number {
  return (
    (wave.amplitude / wave.omega) * Math.sin(wave.omega * seconds + wave.phase)
  );
}

function rateWaves(seed: string, rhythm: RhythmOptions): Wave[] {
  const daily: Wave = {
    amplitude: rhythm.daily,
    omega: (2 * Math.PI) / DAY_SECONDS,
    phase: (-2 * Math.PI * rhythm.peakHour) / 24,
  };
  return [daily, ...fastWaves(seed, JITTER_PERIODS, rhythm.jitter)];
}

function splitWaves(seed: string): Wave[] {
  return fastWaves(seed, SPLIT_PERIODS, 1);
}

/** Waves of unlike periods whose amplitudes sum to `total`. */
function fastWaves(seed: string, periods: number[], total: number): Wave[] {
  return periods.map(period => {
    const stretch = 0.85 + 0.3 * hashUnit(`${seed}/${period}/period`);
    return {
      amplitude: total / periods.length,
      omega: (2 * Math.PI) / (period * stretch),
      phase: 2 * Math.PI * hashUnit(`${seed}/${period}/phase`),
    };
  });
}

/** Dot product of a flow's coefficients with the integrals. */
export function dot(coefficients: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < BASIS_SIZE; index++) {
    sum += coefficients[index] * values[index];
  }
  return sum;
}
