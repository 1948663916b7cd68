// A request as a command, to be made again by hand.

/** The command that makes this request again, quoted for a POSIX shell. `headers` hold texts or lists of them. */
export function curl({ url, headers, body }) {
  const lines = Object.entries(headers ?? {}).flatMap(([name, values]) =>
    [values].flat().map((value) => `-H ${quoted(`${name}: ${value}`)}`),
  );
  return [`curl -i ${quoted(url)}`, ...lines, `--data-binary ${quoted(body)}`].join(' \\\n  ');
}

function quoted(text) {
  return `'${String(text).replaceAll("'", "'\\''")}'`;
}
