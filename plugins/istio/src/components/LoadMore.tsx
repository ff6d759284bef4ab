import { Button } from '@backstage/ui';
import styles from './LoadMore.module.css';

/** How a list that is read page by page goes on. */
export interface MorePages {
  isLoading: boolean;
  onMore: () => void;
}

/** Reads the next page; nothing where there is none. */
export function LoadMore(props: { more?: MorePages }) {
  const { more } = props;
  return more ? (
    <div className={styles.more}>
      <Button
        size="small"
        variant="secondary"
        isPending={more.isLoading}
        onPress={more.onMore}
      >
        Load more
      </Button>
    </div>
  ) : null;
}
