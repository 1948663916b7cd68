// Registering an event type and saying anew what it is. The fields bear the API's names, so that its words find their place.

import * as api from '../api.js';
import { el, toast } from '../dom.js';
import { field, textArea, textInput } from '../parts/form.js';
import { jsonField } from '../parts/json-field.js';
import { draftedForm, formPanel } from '../parts/panel-form.js';

/** The form for a new event type (`name` null) or one that there is. */
export function eventTypeForm(name, signal, { onClose, onSaved }) {
  const title = name === null ? 'Register an event type' : `Edit ${name}`;
  return formPanel(title, {
    read: name === null ? null : () => api.eventType(name, signal),
    unreadable: 'The event type cannot be edited',
    build: buildForm,
    signal,
    onClose,
  });

  function buildForm(type) {
    const schema = jsonField('JSON Schema of its data', 'schema', {
      value: text(type?.schema),
      rows: 12,
      hint: 'JSON Schema 2020-12; references stay within it (#/$defs/…), patterns are RE2 expressions',
      whenBlank: 'null',
    });
    const example = jsonField('Example of its data', 'example', {
      value: text(type?.example),
      rows: 6,
      hint: 'What “Send an event” begins with; it must fit the schema',
      whenBlank: 'null',
    });
    const validate = el('input', { type: 'checkbox', name: 'validate', id: 'field-validate', 'aria-describedby': 'field-validate-error' });
    validate.checked = type?.validate ?? false;
    const fields = [
      name === null && field('Name', textInput('name', { placeholder: 'order.created', dataset: { first: '' } }), { hint: 'Segments joined by dots are the custom' }),
      field('Description', textArea('description', { rows: '3', value: ownDescription(type), ...(name === null ? {} : { 'data-first': '' }) }), {
        hint: 'One or two sentences on what it means',
      }),
      schema.node,
      el(
        'div',
        { class: 'field', dataset: { field: 'validate' } },
        el('label', { class: 'check', for: 'field-validate' }, validate, 'Refuse events whose data does not fit the schema'),
        el('p', { class: 'field-error', id: 'field-validate-error', 'aria-live': 'polite' }),
      ),
      example.node,
      name === null && field('Tenant', textInput('tenant', { placeholder: 'default' }), { hint: 'Whose it is' }),
    ];
    return draftedForm(`event type ${name ?? ''}`, fields, {
      submit: name === null ? 'Register' : 'Save changes',
      restored() {
        schema.judge();
        example.judge();
      },
      read: (form) => read(form, type, schema, example),
      async send(body, form) {
        const wanted = name ?? form.elements.name.value.trim();
        await api.putEventType(wanted, body);
        toast(name === null ? 'Event type registered' : 'Changes saved');
        return wanted;
      },
      onSaved,
      onClose,
    });
  }
}

/** A built-in type's own description is not somebody's. */
function ownDescription(type) {
  return type?.registered ? (type.description ?? '') : '';
}

function text(value) {
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2);
}

/** Put together as text, since parsing would round long numbers. */
function read(form, type, schema, example) {
  const schemaText = schema.read(form);
  const exampleText = example.read(form);
  if (schemaText === null || exampleText === null) {
    return null;
  }
  const description = form.elements.description.value.trim();
  const tenant = type ? type.tenant : form.elements.tenant.value.trim();
  const parts = [
    `"description":${JSON.stringify(description === '' ? null : description)}`,
    `"schema":${schemaText}`,
    `"example":${exampleText}`,
    `"validate":${form.elements.validate.checked}`,
  ];
  if (tenant) {
    parts.push(`"tenant":${JSON.stringify(tenant)}`);
  }
  return `{${parts.join(',')}}`;
}
