// How a webhook fared over the last day, at a glance: a cell for each stretch of time, by colour and height and in words.

import { el } from '../dom.js';
import { count, share } from '../format.js';

const SVG = 'http://www.w3.org/2000/svg';
const CELL = 5;
const GAP = 1;
const HEIGHT = 20;
const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** `steps` are `{at, successful, failed}`, oldest first. */
export function sparkline(steps) {
  const most = Math.max(1, ...steps.map(({ successful, failed }) => successful + failed));
  const svg = shape('svg', {
    class: 'spark',
    viewBox: `0 0 ${steps.length * (CELL + GAP)} ${HEIGHT}`,
    width: steps.length * (CELL + GAP),
    height: HEIGHT,
    role: 'img',
    'aria-label': summary(steps),
  });
  const title = shape('title', {});
  title.textContent = summary(steps);
  svg.append(title);
  steps.forEach(({ successful, failed }, index) => {
    const x = index * (CELL + GAP);
    const scaled = (value) => (value === 0 ? 0 : Math.max(2, Math.round((value / most) * HEIGHT)));
    const bad = scaled(failed);
    const good = Math.min(scaled(successful), HEIGHT - bad);
    if (good + bad === 0) {
      svg.append(shape('rect', { class: 'spark-none', x, y: HEIGHT - 1, width: CELL, height: 1 }));
    }
    if (good > 0) {
      svg.append(shape('rect', { class: 'spark-good', x, y: HEIGHT - good - bad, width: CELL, height: good }));
    }
    if (bad > 0) {
      svg.append(shape('rect', { class: 'spark-bad', x, y: HEIGHT - bad, width: CELL, height: bad }));
    }
  });
  return svg;
}

/** The same as a wide strip, each cell with its own words on hover. */
export function healthStrip(steps) {
  return el(
    'div',
    { class: 'health' },
    el(
      'div',
      { class: 'health-cells', role: 'img', 'aria-label': summary(steps) },
      steps.map(({ at, successful, failed }) => {
        const total = successful + failed;
        const tone = total === 0 ? 'none' : failed === 0 ? 'good' : successful === 0 ? 'bad' : 'mixed';
        return el('span', {
          class: `health-cell ${tone}`,
          title: `${TIME.format(new Date(at))}: ${total === 0 ? 'no attempts' : `${count(successful, 'success', 'successes')}, ${count(failed, 'failure', 'failures')}`}`,
        });
      }),
    ),
    el('div', { class: 'health-ends' }, el('span', {}, '24 h ago'), el('span', {}, summary(steps)), el('span', {}, 'now')),
  );
}

function summary(steps) {
  const good = steps.reduce((sum, { successful }) => sum + successful, 0);
  const total = steps.reduce((sum, { successful, failed }) => sum + successful + failed, 0);
  return total === 0 ? 'No attempts in 24 h' : `${share(good, total)} of ${count(total, 'attempt', 'attempts')} succeeded`;
}

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, String(value)));
  return node;
}
