// A text area for JSON that says, while one types, whether it is JSON.

import { el, fill } from '../dom.js';
import { icon } from '../icons.js';
import { check, pretty } from '../json.js';
import { field, setFieldError, textArea } from './form.js';

/** `read(form)` gives the text, or null after showing the complaint; blank counts as `whenBlank`. */
export function jsonField(label, name, { value = '', rows = 10, hint = null, whenBlank = null } = {}) {
  const area = textArea(name, { value, rows: String(rows), class: 'code' });
  const verdict = el('span', { class: 'verdict', 'aria-live': 'polite' });
  const layOut = el(
    'button',
    {
      type: 'button',
      class: 'small-button',
      onclick: () => {
        area.value = pretty(area.value) ?? area.value;
        area.dispatchEvent(new Event('input', { bubbles: true }));
      },
    },
    'Format',
  );
  const node = field(label, area, { hint, aside: el('span', { class: 'json-tools' }, verdict, layOut) });
  area.addEventListener('input', judge);
  judge();

  return {
    node,
    judge,
    set(text) {
      area.value = text;
      area.dispatchEvent(new Event('input', { bubbles: true }));
    },
    read(form) {
      const text = area.value.trim() === '' ? whenBlank : area.value;
      const { error } = check(text ?? '');
      setFieldError(form, name, error ? `Not JSON: ${error}` : null);
      return error ? null : text;
    },
  };

  function judge() {
    const isBlank = area.value.trim() === '';
    const { error } = check(area.value);
    layOut.disabled = isBlank || Boolean(error);
    verdict.className = `verdict ${isBlank ? '' : error ? 'bad' : 'good'}`;
    fill(verdict, !isBlank && icon(error ? 'cross' : 'check'), isBlank ? '' : error ? 'Not JSON yet' : 'JSON');
  }
}
