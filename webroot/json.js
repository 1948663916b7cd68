// JSON as people type it and as the server sends it.

/** The value of a text field that should hold JSON, or the parser's complaint: `{value}` or `{error}`. */
export function check(text) {
  try {
    return { value: JSON.parse(text) };
  } catch (problem) {
    return { error: problem.message };
  }
}

/**
 * Parses without turning long numbers into doubles: what a double cannot repeat stays as the digits that were sent, so
 * that a payload is shown as the receiver got it. Browsers without `JSON.rawJSON` fall back to doubles.
 */
export function parseExact(text) {
  if (typeof JSON.rawJSON !== 'function') {
    return JSON.parse(text);
  }
  return JSON.parse(text, (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined && String(value) !== context.source
      ? JSON.rawJSON(context.source)
      : value,
  );
}

/** JSON laid out for reading; null when the text is not JSON. */
export function pretty(text) {
  try {
    return JSON.stringify(parseExact(text), null, 2);
  } catch {
    return null;
  }
}

/**
 * The RFC 7396 merge patch that leads from one object to another. Only what changed is sent, so that two people who
 * edit different fields of one webhook do not undo each other.
 */
export function mergePatch(from, to) {
  const patch = {};
  for (const key of Object.keys(from)) {
    if (!(key in to)) {
      patch[key] = null;
    }
  }
  for (const [key, value] of Object.entries(to)) {
    const before = from[key];
    if (isObject(value) && isObject(before)) {
      const inner = mergePatch(before, value);
      if (Object.keys(inner).length > 0) {
        patch[key] = inner;
      }
    } else if (JSON.stringify(value) !== JSON.stringify(before ?? null)) {
      patch[key] = value;
    }
  }
  return patch;
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
