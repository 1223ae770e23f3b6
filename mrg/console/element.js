/**
 * A new element. Children are elements or text; text stays text, whatever it contains. Properties are attributes;
 * `false`, `null` and `undefined` leave one out. Children that are `null` or `false` are left out too.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) setProperty(made, name, value)
  made.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined))
  return made
}

function setProperty(made, name, value) {
  if (name === 'onclick') made.addEventListener('click', value)
  else if (value !== false && value !== null && value !== undefined)
    made.setAttribute(name, value === true ? '' : value)
}

export const find = (id) => document.getElementById(id)
