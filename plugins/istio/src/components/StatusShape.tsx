import type { ReactNode } from 'react';
import styles from './StatusLabel.module.css';

/** Shapes of states; text stands beside each, colour is never the only carrier. */
export type StatusShapeName =
  | 'tick'
  | 'triangle'
  | 'octagon'
  | 'question'
  | 'clock'
  | 'dash'
  | 'boxedSlash'
  | 'person'
  | 'lockClosed'
  | 'lockOpen'
  | 'revert'
  | 'progress'
  | 'info';

const knockout = { stroke: 'var(--bui-bg-neutral-1)', fill: 'none' };
const line = { stroke: 'currentColor', fill: 'none', strokeWidth: 1.4 };

const SHAPES: Record<StatusShapeName, ReactNode> = {
  tick: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.7 8.3l2.2 2.2 4.4-4.8" {...knockout} strokeWidth={1.7} />
    </>
  ),
  triangle: (
    <>
      <path d="M8 1.2l7.2 13H.8z" fill="currentColor" />
      <path d="M8 5.6v4.2M8 11.3v1.5" {...knockout} strokeWidth={1.6} />
    </>
  ),
  octagon: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path
        d="M5.3 5.3l5.4 5.4M10.7 5.3l-5.4 5.4"
        {...knockout}
        strokeWidth={1.6}
      />
    </>
  ),
  question: (
    <>
      <circle cx="8" cy="8" r="6.5" {...line} strokeDasharray="2.6 2" />
      <path
        d="M6.2 6.4a1.8 1.8 0 113 1.4c-.8.6-1.2.9-1.2 1.7M8 11v1.2"
        {...line}
      />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="6.4" {...line} />
      <path d="M8 4.4V8l2.4 1.6" {...line} />
    </>
  ),
  dash: (
    <>
      <circle cx="8" cy="8" r="6.4" {...line} />
      <path d="M4.8 8h6.4" {...line} />
    </>
  ),
  boxedSlash: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="2" {...line} />
      <path d="M4 12L12 4" {...line} />
    </>
  ),
  person: (
    <>
      <circle cx="6" cy="5" r="2.6" {...line} />
      <path d="M1.4 14c.2-3 2-4.6 4.6-4.6 1 0 1.9.2 2.6.7" {...line} />
      <path d="M9.4 12l1.9 1.9 3.4-3.8" {...line} />
    </>
  ),
  lockClosed: (
    <>
      <rect x="3" y="7" width="10" height="7.4" rx="1.5" fill="currentColor" />
      <path d="M5 7V4.8a3 3 0 016 0V7" {...line} strokeWidth={1.6} />
    </>
  ),
  lockOpen: (
    <>
      <rect x="3" y="7" width="10" height="7.4" rx="1.5" {...line} />
      <path d="M5 7V4.6a2.7 2.7 0 015.2-1" {...line} />
    </>
  ),
  revert: <path d="M6 2.5L2.5 6 6 9.5M3 6h6a4 4 0 010 8H6.5" {...line} />,
  progress: (
    <>
      <circle cx="8" cy="8" r="6.4" {...line} strokeOpacity={0.35} />
      <path d="M8 1.6A6.4 6.4 0 0114.4 8" {...line} strokeWidth={1.8} />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="6.4" {...line} />
      <path d="M8 7.2v4.2M8 4.6v1.3" {...line} strokeWidth={1.6} />
    </>
  ),
};

/** Colour family of a state; `quiet` is grey and never means well. */
export type StatusTone = 'ok' | 'warn' | 'bad' | 'info' | 'quiet' | 'plain';

/** The picture of a state, decorative: the word stands beside it. */
export function StatusShape(props: {
  shape: StatusShapeName;
  tone: StatusTone;
  /** Pixels, 14 by default. */
  size?: number;
}) {
  const { shape, tone, size = 14 } = props;
  return (
    <svg
      className={`${styles.shape} ${styles[tone]}`}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      {SHAPES[shape]}
    </svg>
  );
}
