import type { Json } from '../command.ts';

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** What /health says, for a person. */
export function page(health: Readonly<Record<string, Json>>): string {
  const rows = Object.entries(health).map(([name, value]) => {
    const time = name === 'anchor' && typeof value === 'number' ? ` (${new Date(value).toISOString()})` : '';
    return `<tr><th>${escape(name)}</th><td>${escape(typeof value === 'string' ? value : JSON.stringify(value))}${time}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="2">
<title>Replay feed</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th { text-align: left; font-weight: 600; padding: 0.15rem 2rem 0.15rem 0; }
td { font-variant-numeric: tabular-nums; }
</style>
</head>
<body>
<h1>Replay feed</h1>
<p>Recorded trades in Finnhub's protocol, for a WebSocket client that brings the token.</p>
<table>
${rows.join('\n')}
</table>
<p>The same as <a href="/health">JSON</a>.</p>
</body>
</html>
`;
}
