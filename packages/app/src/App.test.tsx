import { render, screen } from '@testing-library/react';
import App from './App';

/** In tests the frontend reads its configuration from the environment, as data and not as text. */
function configure(data: object) {
  const layers: unknown = [{ context: 'test', data }];
  process.env = { NODE_ENV: 'test', APP_CONFIG: layers as string };
}

describe('App', () => {
  it('asks who one wants to be before anything else', async () => {
    configure({
      app: {
        title: 'Shop portal',
        signIn: {
          mode: 'sandbox',
          people: [
            {
              entityRef: 'user:default/mira.kovac',
              name: 'Mira Kovac',
              role: 'catalog-team',
            },
          ],
        },
      },
      backend: { baseUrl: 'http://localhost:7007' },
    });
    render(App.createRoot());
    expect(
      await screen.findByRole(
        'button',
        { name: 'Sign in as Mira Kovac' },
        { timeout: 15_000 },
      ),
    ).toBeVisible();
    expect(
      screen.getByRole('heading', { name: /who do you want to be/ }),
    ).toBeVisible();
  }, 30_000);
});
