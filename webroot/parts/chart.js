// Lines over time, drawn by uPlot on a canvas. Where there is no value there is a gap, not a zero.

import uPlot from '/lib/uplot/1.6.30/dist/uPlot.esm.js';
import { el } from '../dom.js';

const HEIGHT_PX = 180;
const DAY_S = 86_400;
const CLOCK = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const MOMENT = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/**
 * A chart of some series. Each is `{label, tone, dash?, fill?}` with the name of one of the style sheet's colours; `format`
 * makes a value readable. `show(seconds, columns)` draws: the times, and for each series as many values or nulls.
 */
export function lineChart({ title, series, format, signal }) {
  const box = el('div', { class: 'chart-box', role: 'img', 'aria-label': title });
  const node = el('figure', { class: 'chart' }, el('figcaption', {}, title), box);
  let data = [[], ...series.map(() => [])];
  let plot = null;

  const resized = new ResizeObserver(() => {
    if (box.clientWidth === 0) {
      return;
    }
    if (plot === null) {
      build();
    } else if (plot.width !== box.clientWidth) {
      plot.setSize({ width: box.clientWidth, height: HEIGHT_PX });
    }
  });
  resized.observe(box);
  const recolour = () => plot !== null && build();
  document.addEventListener('themechange', recolour, { signal });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', recolour, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    plot?.destroy();
  });

  return {
    node,
    show(seconds, columns) {
      data = [seconds, ...columns];
      box.setAttribute('aria-label', summary());
      plot?.setData(data);
    },
  };

  function build() {
    plot?.destroy();
    const colours = new Map(
      ['--muted', '--line', ...series.map(({ tone }) => tone)].map((name) => [name, resolved(name, box)]),
    );
    const axis = {
      stroke: colours.get('--muted'),
      grid: { stroke: colours.get('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    plot = new uPlot(
      {
        width: box.clientWidth,
        height: HEIGHT_PX,
        padding: [8, 8, 0, 0],
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
        axes: [
          { ...axis, size: 28, values: timesOfAxis, grid: { show: false } },
          { ...axis, size: 56, values: (_plot, splits) => splits.map((value) => (value === null ? '' : format(value))) },
        ],
        series: [
          { label: 'Time', value: (_plot, at) => (at === null ? 'Latest' : MOMENT.format(at * 1000)) },
          ...series.map(({ label, tone, dash, fill }, index) => ({
            label,
            stroke: colours.get(tone),
            fill: fill ? transparent(colours.get(tone)) : undefined,
            width: 1.5,
            dash,
            points: { show: (self, at) => isAlone(self.data[at], data[0].length) },
            value: (_plot, value, _series, at) => format(at === null ? latest(data[index + 1]) : value),
          })),
        ],
        legend: { live: true },
      },
      data,
      box,
    );
  }

  function summary() {
    const values = series.map(({ label }, index) => `${label} ${format(latest(data[index + 1]))}`);
    return `${title}. Now: ${values.join(', ')}.`;
  }
}

/** A single point between gaps would be a line of no length. */
function isAlone(values, length) {
  return length > 0 && values.filter((value) => value !== null && value !== undefined).length < 3;
}

function timesOfAxis(_plot, splits) {
  const isLong = splits.length > 1 && splits.at(-1) - splits[0] > 2 * DAY_S;
  return splits.map((at) => (isLong ? DAY : CLOCK).format(at * 1000));
}

function latest(values) {
  return values.findLast((value) => value !== null && value !== undefined) ?? null;
}

/** A canvas does not know the style sheet's variables. */
function resolved(name, near) {
  const probe = el('span', { class: 'hidden' });
  probe.style.color = `var(${name})`;
  near.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function transparent(colour) {
  return colour.replace('rgb(', 'rgba(').replace(')', ', 0.12)');
}
