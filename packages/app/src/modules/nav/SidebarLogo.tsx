import {
  Link,
  sidebarConfig,
  useSidebarOpenState,
} from '@backstage/core-components';
import { configApiRef, useApi } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core';

const useStyles = makeStyles({
  root: {
    width: '100%',
    height: 2.2 * sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
  },
  link: {
    display: 'flex',
    alignItems: 'center',
    gap: 14,
    marginLeft: 22,
    color: '#fff',
    fontSize: 16,
    fontWeight: 600,
    whiteSpace: 'nowrap',
  },
});

/** Four joined squares: services that know each other. */
const Mark = () => (
  <svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
    <rect width="28" height="28" rx="7" fill="#7df3e1" />
    <g fill="none" stroke="#103b36" strokeWidth="2">
      <rect x="6.5" y="6.5" width="5.5" height="5.5" rx="1.4" />
      <rect x="16" y="6.5" width="5.5" height="5.5" rx="1.4" />
      <rect x="6.5" y="16" width="5.5" height="5.5" rx="1.4" />
      <rect x="16" y="16" width="5.5" height="5.5" rx="1.4" />
    </g>
  </svg>
);

export const SidebarLogo = () => {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();
  const title = useApi(configApiRef).getOptionalString('app.title') ?? 'Portal';
  return (
    <div className={classes.root}>
      <Link to="/" underline="none" className={classes.link} aria-label={title}>
        <Mark />
        {isOpen && <span>{title}</span>}
      </Link>
    </div>
  );
};
