// `datetime-local` speaks local time without a zone; the API and the URL speak UTC.

export function toIso(local) {
  return local ? new Date(local).toISOString() : '';
}

export function toLocal(iso) {
  const time = Date.parse(iso ?? '');
  if (Number.isNaN(time)) {
    return '';
  }
  const offset = new Date(time).getTimezoneOffset() * 60_000;
  return new Date(time - offset).toISOString().slice(0, 19);
}
