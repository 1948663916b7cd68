// The few icons of the dashboard, drawn on a 16 px grid in the colour of the text beside them.

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  alert: 'M8 2.5 14.5 13.5H1.5Z M8 6.5v3.2 M8 11.6v.2',
  bolt: 'M9 1.8 3.5 9H8l-1 5.2L12.5 7H8Z',
  book: 'M3 2.5h8.5a1 1 0 0 1 1 1v10H4a1 1 0 0 1-1-1Z M3 11.5h9.5 M5.5 5.2h4.5 M5.5 7.8h3',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevron: 'M6 3.5 10.5 8 6 12.5',
  circle: 'M8 3.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 1 0 0-9.6',
  clock: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12 M8 4.8V8l2.2 1.6',
  close: 'M4 4l8 8 M12 4l-8 8',
  copy: 'M5.5 5.5h8v8h-8Z M3.5 10.5h-1v-8h8v1',
  cross: 'M4 4l8 8 M12 4l-8 8',
  eye: 'M1.5 8C3 5 5.3 3.6 8 3.6S13 5 14.5 8C13 11 10.7 12.4 8 12.4S3 11 1.5 8Z M8 6.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6',
  flask: 'M6 2h4 M6.8 2v4.2L2.8 13a.8.8 0 0 0 .7 1h9a.8.8 0 0 0 .7-1L9.2 6.2V2 M4.8 10h6.4',
  half: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12 M8 2v12 M10.5 3v10 M12.8 5v6',
  help: 'M5.6 6a2.4 2.4 0 1 1 3.6 2.1C8.3 8.6 8 9 8 10 M8 12.4v.2',
  hook: 'M8 2v8.5a3 3 0 0 1-5.5 1.6 M8 2h5.5',
  inbox: 'M2.5 9 4.2 3h7.6l1.7 6v4h-11Z M2.5 9h3.2l1 1.8h2.6l1-1.8h3.2',
  key: 'M5.2 7.2a3 3 0 1 0 0 5.4a3 3 0 1 0 0-5.4 M7.4 7.8 13 2.2 M10.4 4.8l1.8 1.8',
  list: 'M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.2 M2.5 8h.2 M2.5 12h.2',
  moon: 'M13 9.5A5.5 5.5 0 1 1 6.5 3a4.5 4.5 0 0 0 6.5 6.5Z',
  overview: 'M2.5 2.5h4.5v4.5h-4.5Z M9 2.5h4.5v4.5H9Z M2.5 9h4.5v4.5h-4.5Z M9 9h4.5v4.5H9Z',
  pause: 'M5.5 3.5v9 M10.5 3.5v9',
  play: 'M5 3.5 12 8l-7 4.5Z',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7 M13 2.2v3h-3',
  send: 'M2.5 8 13.5 3 10 13.5 7.6 8.9Z',
  slash: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11 M4.2 11.8l7.6-7.6',
  sliders: 'M3 4.5h5 M11 4.5h2 M9.5 3v3 M3 11.5h2 M8 11.5h5 M6.5 10v3',
  sun:
    'M8 5.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 1 0 0-5.6 M8 1.5v1.2 M8 13.3v1.2 M1.5 8h1.2 M13.3 8h1.2' +
    ' M3.4 3.4l.9.9 M11.7 11.7l.9.9 M3.4 12.6l.9-.9 M11.7 4.3l.9-.9',
};

/** Decoration only: the word beside it, or the control's label, carries the meaning. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
