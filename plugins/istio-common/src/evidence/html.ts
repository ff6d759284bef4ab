/** Text for HTML: what people and clusters wrote must not become markup. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A table of texts with a caption of what it means when it is empty. */
export function renderTable(options: {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  none: string;
}): string {
  const { columns, rows, none } = options;
  if (rows.length === 0) return renderParagraph(none);
  const cells = (tag: 'td' | 'th', texts: readonly string[]) =>
    texts.map(text => `<${tag}>${escapeHtml(text)}</${tag}>`).join('');
  return `<table><thead><tr>${cells('th', columns)}</tr></thead><tbody>${rows
    .map(row => `<tr>${cells('td', row)}</tr>`)
    .join('\n')}</tbody></table>`;
}

export function renderParagraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

export function renderList(items: readonly string[]): string {
  return `<ul>${items
    .map(item => `<li>${escapeHtml(item)}</li>`)
    .join('')}</ul>`;
}

/** A page that needs nothing beside itself and runs nothing. */
export function renderPage(options: {
  title: string;
  sections: readonly { title: string; html: string }[];
}): string {
  const { title, sections } = options;
  const name = escapeHtml(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name}</title>
<style>
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 24px auto; max-width: 1200px; padding: 0 16px; }
h2 { margin-top: 28px; font-size: 18px; }
table { border-collapse: collapse; width: 100%; font-size: 12px; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: 4px 8px; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
</style>
</head>
<body>
<h1>${name}</h1>
${sections
  .map(
    section =>
      `<section><h2>${escapeHtml(section.title)}</h2>\n${
        section.html
      }</section>`,
  )
  .join('\n')}
</body>
</html>
`;
}
