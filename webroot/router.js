// Where the user is, kept in the URL after `#`: a reload, a bookmark and a shared link lead to the same view.

/** `#/deliveries/dlv_1?status=failed` → `{page: 'deliveries', rest: ['dlv_1'], query}`. */
export function parse(hash) {
  const address = hash.replace(/^#\/?/, '');
  const mark = address.indexOf('?');
  const path = mark < 0 ? address : address.slice(0, mark);
  const [page = 'overview', ...rest] = path.split('/').filter(Boolean).map(decoded);
  return { page, rest, query: new URLSearchParams(mark < 0 ? '' : address.slice(mark + 1)) };
}

/** The link to a view; empty values of the query are left out. */
export function href(segments, query = {}) {
  const pairs = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const search = new URLSearchParams(pairs.filter(([, value]) => value)).toString();
  return `#/${segments.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
}

export function go(target) {
  location.hash = target;
}

/** Goes there without an entry in the history: for views that "back" should not come to again. */
export function replace(target) {
  location.replace(target);
}

function decoded(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
