import { Skeleton } from '@backstage/ui';
import { MeshCard } from './MeshCard';
import type { CardSpan } from './MeshCard';
import styles from './CardSkeleton.module.css';

/** A card before its values: the title stands, lines take the place of what will come. */
export function CardSkeleton(props: {
  title: string;
  span?: CardSpan;
  /** How many lines the finished card has, about. */
  lines: number;
}) {
  const { title, span, lines } = props;
  return (
    <MeshCard title={title} span={span}>
      <LinesSkeleton lines={lines} label={`Loading ${title}`} />
    </MeshCard>
  );
}

/** Grey lines while a value loads. */
export function LinesSkeleton(props: { lines: number; label: string }) {
  const { lines, label } = props;
  return (
    <div
      role="status"
      aria-label={label}
      aria-busy="true"
      className={styles.lines}
    >
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton
          key={index}
          height={14}
          width={index % 3 === 2 ? '62%' : '100%'}
        />
      ))}
    </div>
  );
}
