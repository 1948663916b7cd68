// Throughput and latency side by side, over a window that the reader chooses.

import { el, fill } from '../dom.js';
import { milliseconds, rate } from '../format.js';
import { poll } from '../live.js';
import { figuresOver, WINDOWS } from '../series.js';
import { refusal } from './common.js';
import { lineChart } from './chart.js';

const THROUGHPUT = [
  { label: 'Accepted', key: 'accepted', tone: '--muted', dash: [4, 3] },
  { label: 'Delivered', key: 'delivered', tone: '--good', fill: true },
  { label: 'Failed', key: 'failed', tone: '--bad' },
];
const LATENCY = [
  { label: 'p50', key: 'p50', tone: '--accent', fill: true },
  { label: 'p95', key: 'p95', tone: '--warn' },
  { label: 'p99', key: 'p99', tone: '--hold', dash: [4, 3] },
];

/** Small rates need their digits: an axis that reads 0.1, 0.1 tells nothing. */
function fineRate(value) {
  return value !== null && value > 0 && value < 1 ? String(Number(value.toPrecision(2))) : rate(value);
}

/** `filters` say whose figures (none: all); `onFigures` is told of each reading; `without` leaves out series by key. */
export function seriesCharts(signal, { filters = {}, onFigures = () => {}, without = [] } = {}) {
  const throughputSeries = THROUGHPUT.filter(({ key }) => !without.includes(key));
  const throughput = lineChart({
    title: 'Throughput, per second',
    series: throughputSeries,
    format: fineRate,
    signal,
  });
  const latency = lineChart({ title: 'Latency of attempts', series: LATENCY, format: milliseconds, signal });
  const failure = el('div', {});
  let chosen = '1h';
  const choices = el(
    'div',
    { class: 'segments', role: 'group', 'aria-label': 'Window of the charts' },
    Object.entries(WINDOWS).map(([name, { label }]) =>
      el(
        'button',
        {
          type: 'button',
          'aria-pressed': String(name === chosen),
          dataset: { window: name },
          onclick: () => choose(name),
        },
        label,
      ),
    ),
  );
  const node = el(
    'section',
    { class: 'card charts', 'aria-label': 'Charts' },
    el('header', { class: 'card-head' }, el('h2', {}, 'Over time'), choices),
    failure,
    el('div', { class: 'chart-pair' }, throughput.node, latency.node),
  );
  const refresh = poll(async () => {
    try {
      const figures = await figuresOver(chosen, filters, signal);
      throughput.show(figures.seconds, throughputSeries.map(({ key }) => figures[key]));
      latency.show(figures.seconds, LATENCY.map(({ key }) => figures[key]));
      fill(failure);
      onFigures(figures);
    } catch (problem) {
      if (problem.isOutage || signal.aborted) {
        throw problem;
      }
      fill(failure, refusal(problem));
    }
  }, signal);
  return { node };

  function choose(name) {
    chosen = name;
    for (const button of choices.children) {
      button.setAttribute('aria-pressed', String(button.dataset.window === name));
    }
    refresh();
  }
}
