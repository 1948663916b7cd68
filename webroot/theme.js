// Light, dark, or whatever the system says; remembered in this browser.

import { icon } from './icons.js';

const STORAGE_KEY = 'longline.theme';
const ORDER = ['system', 'light', 'dark'];
const ICONS = { system: 'half', light: 'sun', dark: 'moon' };

export function wireThemeButton(button) {
  show(button);
  button.addEventListener('click', () => choose(next()));
  document.addEventListener('themechange', () => show(button));
}

function current() {
  return document.documentElement.dataset.theme ?? 'system';
}

function next() {
  return ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length];
}

function choose(theme) {
  const root = document.documentElement;
  if (theme === 'system') {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = theme;
  }
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Blocked storage: the choice lasts until the page is closed.
  }
  // What is drawn on a canvas has to be drawn again.
  document.dispatchEvent(new Event('themechange'));
}

function show(button) {
  const label = `Theme: ${current()}. Change to ${next()}`;
  button.replaceChildren(icon(ICONS[current()]));
  button.setAttribute('aria-label', label);
  button.title = label;
}
