// Marks the rules as the password meets them, and lets its owner see it. The page does without.

for (const field of document.querySelectorAll('[data-checked]')) {
  const rules = [...document.querySelectorAll('[data-pattern]')]
  const summary = document.querySelector('[data-summary]')
  const isMet = (rule) => new RegExp(rule.dataset.pattern).test(field.value)

  const check = () => {
    for (const rule of rules) {
      const met = isMet(rule)
      rule.dataset.met = String(met)
      rule.querySelector('[data-state]').textContent = met ? rule.dataset.yes : rule.dataset.no
    }
    const missing = rules.filter((rule) => !isMet(rule)).length
    // A screen reader reads it out, so it is written only when it changes.
    const text = summary.dataset[missing === 0 ? 'all' : 'missing'].replace('{n}', missing)
    if (summary.textContent !== text) summary.textContent = text
  }
  if (rules.length > 0) {
    field.addEventListener('input', check)
    // A password manager, or the way back to this page, may have filled it in already.
    if (field.value !== '') check()
  }

  const toggle = document.querySelector('[data-show]')
  toggle.parentElement.hidden = false
  toggle.addEventListener('change', () => {
    field.type = toggle.checked ? 'text' : 'password'
  })
  // Whatever it was while it was looked at, it is a password when it is sent.
  field.form.addEventListener('submit', () => {
    field.type = 'password'
  })
}
