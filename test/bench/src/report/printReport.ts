import type { Figure, Section } from '../types';
import type { Machine } from './machine';

/** Prints a section; aims stand beside the figures, and nothing depends on whether they are met. */
export function formatSection({ title, load, figures }: Section): string {
  const width = Math.max(...figures.map(({ what }) => what.length));
  const lines = figures.flatMap(figure => [
    `  ${figure.what.padEnd(width)}  ${formatValues(figure)}${formatAim(
      figure,
    )}`,
    ...(figure.note ? [`  ${' '.repeat(width)}  ${figure.note}`] : []),
  ]);
  return [
    '',
    `${title} (load ${load.before} before, ${load.after} after)`,
    ...lines,
  ].join('\n');
}

export function formatMachine(machine: Machine): string {
  const { cores, processor, memoryGb, node, platform } = machine;
  return `Machine: ${cores} cores (${processor}), ${memoryGb} GB, ${platform}, Node ${node}`;
}

function formatValues({ values, unit }: Figure): string {
  const texts = Object.entries(values).map(
    ([name, value]) => `${name} ${formatNumber(value)}`,
  );
  return unit === 'requests' ? texts.join('  ') : `${texts.join('  ')} ${unit}`;
}

function formatAim({ aim, values, unit }: Figure): string {
  if (!aim) return '';
  const value = values[aim.value];
  const [limit, isMet] =
    'atMost' in aim
      ? [`at most ${aim.atMost}`, value <= aim.atMost]
      : [`at least ${aim.atLeast}`, value >= aim.atLeast];
  const measured = unit === 'requests' ? '' : ` ${unit}`;
  return `   [aim: ${aim.value} ${limit}${measured}: ${
    isMet ? 'met' : 'MISSED'
  }]`;
}

function formatNumber(value: number): string {
  return Math.abs(value) < 10 && !Number.isInteger(value)
    ? value.toFixed(1)
    : String(Math.round(value));
}
