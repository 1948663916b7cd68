// How values read. Pure functions: no document, and the time is a parameter.

const NUMBER = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const RATE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const DATE = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const LOCAL = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
});

/** What stands where there is no value. */
export const NONE = '–';

export function number(value) {
  return isNumber(value) ? NUMBER.format(value) : NONE;
}

export function rate(value) {
  return isNumber(value) ? RATE.format(value) : NONE;
}

/** A share in words that never round a failure away: 99.96 % is not 100 %. */
export function share(part, whole) {
  if (!isNumber(part) || !isNumber(whole) || whole === 0) {
    return NONE;
  }
  const percent = Math.floor((part / whole) * 1000) / 10;
  return `${percent} %`;
}

export function milliseconds(value) {
  if (!isNumber(value)) {
    return NONE;
  }
  if (value < 1000) {
    return `${NUMBER.format(value)} ms`;
  }
  return value < 10_000 ? `${(value / 1000).toFixed(2)} s` : seconds(value / 1000);
}

/** A length of time in its largest two units: `42 s`, `5 min`, `2 h 10 min`, `3 d 4 h`. */
export function seconds(value) {
  if (!isNumber(value)) {
    return NONE;
  }
  const whole = Math.max(0, Math.round(value));
  if (whole < 60) {
    return `${whole} s`;
  }
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const first = units.findIndex(([size]) => whole >= size);
  const [size, name] = units[first];
  const [nextSize, nextName] = units[first + 1];
  const rest = Math.floor((whole % size) / nextSize);
  return `${Math.floor(whole / size)} ${name}${rest > 0 ? ` ${rest} ${nextName}` : ''}`;
}

/** `12 s ago`; past a month, the date. A clock that runs behind the server's reads "just now". */
export function ago(iso, now) {
  const passed = (now - Date.parse(iso)) / 1000;
  if (passed < 2) {
    return 'just now';
  }
  if (passed > 30 * 86_400) {
    return DATE.format(new Date(iso));
  }
  const [size, name] = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ].find(([unit]) => passed >= unit);
  return `${Math.floor(passed / size)} ${name} ago`;
}

/** `in 00:42`, `in 1:02:03`, `in 2 d 3 h`; `due now` once it has passed. */
export function countdown(iso, now) {
  const left = Math.ceil((Date.parse(iso) - now) / 1000);
  if (left <= 0) {
    return 'due now';
  }
  if (left >= 86_400) {
    return `in ${seconds(left)}`;
  }
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  const clock = `${two(Math.floor((left % 3600) / 60))}:${two(left % 60)}`;
  return `in ${hours > 0 ? `${hours}:` : ''}${clock}`;
}

/** The exact time, here and in UTC as the API says it. */
export function exactTime(iso) {
  return `${LOCAL.format(new Date(iso))} here · ${iso}`;
}

/** Enough of an id to tell it from its neighbours: prefix and end (the start is a time that neighbours share). */
export function shortId(id) {
  const underscore = id.indexOf('_');
  return id.length > 16 ? `${id.slice(0, underscore + 1)}…${id.slice(-6)}` : id;
}

/** A URL for a narrow column: the scheme is left out where it is the usual one. */
export function briefUrl(url) {
  return url.replace(/^https:\/\//, '');
}

/** `1 delivery`, `12 deliveries`. */
export function count(value, one, many) {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** A machine's word for people: `attempts_exhausted` → `attempts exhausted`. */
export function words(code) {
  return String(code).replaceAll('_', ' ');
}

function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}
