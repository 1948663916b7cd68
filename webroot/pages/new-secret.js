// The secret of the webhook registered last. It is in memory alone: a reload, or putting it away, is the end of it.

let held = null;

export function holdSecret(id, secret) {
  held = { id, secret };
}

export function secretOf(id) {
  return held?.id === id ? held.secret : null;
}

export function dropSecret() {
  held = null;
}
