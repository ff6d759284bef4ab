import { diffTexts } from '@istio-backstage/plugin-istio-common';
import type { GitRepository, Pull } from './GitRepository';

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
pre{padding:.75rem 1rem;overflow:auto;border:1px solid #8884;border-radius:6px}
.added{color:#1a7f37}.removed{color:#cf222e}.gap{opacity:.6}
button{font:inherit;padding:.4rem 1rem;margin-right:.5rem}form{display:inline}`;

/** The page of a proposal: what it says, what it changes, and the buttons of a reviewer. */
export function renderPull(options: {
  name: string;
  pull: Pull;
  repository: GitRepository;
  /** Path of this page. */
  location: string;
  word: 'pull request' | 'merge request';
}): string {
  const { name, pull, repository, location, word } = options;
  const state = pull.mergedAt === undefined ? pull.state : 'merged';
  const button = (action: string, label: string) =>
    `<form method="post" action="${escape(
      location,
    )}/${action}"><button>${label}</button></form>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(
    pull.title,
  )}</title><style>${STYLE}</style></head><body>
<p>${escape(name)} · local Git host</p>
<h1>${escape(pull.title)} #${pull.number}</h1>
<p><strong>${state}</strong>: ${escape(pull.head)} into ${escape(pull.base)}</p>
<pre>${escape(pull.body)}</pre>
${listChanges(pull, repository)}
${
  pull.state === 'open'
    ? button('merge', `Merge ${word}`) + button('close', 'Close')
    : ''
}
</body></html>`;
}

function listChanges(pull: Pull, repository: GitRepository): string {
  const head = repository.commits.get(pull.headSha);
  const start = repository.commits.get(head?.parents[0] ?? '');
  if (!head || !start) return '';
  const from = repository.tree(start.tree);
  const to = repository.tree(head.tree);
  const textOf = (sha: string | undefined) =>
    repository.blobs.get(sha ?? '') ?? '';
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter(path => from.get(path) !== to.get(path))
    .map(path => {
      const marks = { added: '+', removed: '-', context: ' ', gap: '…' };
      const lines = diffTexts(textOf(from.get(path)), textOf(to.get(path))).map(
        ({ kind, text }) =>
          `<span class="${kind}">${marks[kind]} ${escape(text)}</span>`,
      );
      return `<h2>${escape(path)}</h2><pre>${lines.join('\n')}</pre>`;
    })
    .join('\n');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
