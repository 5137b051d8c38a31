// Shows one set-up live. Texts are put in as text, never as HTML: evidence comes from outside.
(() => {
  const marks = { DONE: '✓', PASSED: '✓', FAILED: '✗', RUNNING: '●', WAITING: '…', SKIPPED: '–', UNKNOWN: '?' };
  const who = { TENANT: 'You can help', STAFF: 'Our staff are on it', TIME: 'Nobody needs to act' };
  const byId = (id) => document.getElementById(id);
  const steps = new Map();

  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const line = (state, title, ...details) => {
    const item = element('li', '', state);
    const mark = element('span', marks[state] || '·', 'mark');
    mark.setAttribute('aria-label', state.toLowerCase());
    const body = element('div');
    body.append(element('div', title));
    details.filter(Boolean).forEach((detail) => body.append(element('div', detail, 'quiet')));
    item.append(mark, body);
    return item;
  };

  const stepLine = (step) => {
    const item = line(
      step.state,
      step.title,
      step.what && `${step.what} ${step.nextStep}`,
      who[step.whoCanHelp],
      step.evidence,
      step.attempts > 1 && `Attempt ${step.attempts}`);
    if (step.state === 'RUNNING' && step.percent != null) {
      const bar = element('progress');
      bar.max = 100;
      bar.value = step.percent;
      item.lastChild.append(bar);
    }
    return item;
  };

  const showSteps = () => {
    // By when a step first ran; those that never ran come last.
    const inOrder = [...steps.values()].sort((a, b) =>
      (a.startedAt || '9').localeCompare(b.startedAt || '9') || a.sequence - b.sequence);
    byId('steps').replaceChildren(...inOrder.map(stepLine));
  };

  const showState = (setup) => {
    byId('state').textContent = setup.state.toLowerCase();
    byId('attention').replaceChildren(...setup.attention.map((item) => {
      const box = element('div', '', 'attention');
      box.append(element('p', item.what || item.cause), element('p', item.nextStep),
        element('p', who[item.whoActs], 'quiet'),
        ...Object.values(item.details).map((detail) => element('p', detail, 'quiet')));
      return box;
    }));
    byId('proof').hidden = !setup.proof;
    byId('checks').replaceChildren(...(setup.proof ? setup.proof.checks : [])
      .map((check) => line(check.verdict, check.name, check.evidence)));
  };

  const address = location.pathname.replace(/\/$/, '') + '/events' + location.search;
  const source = new EventSource(address);
  const on = (event, act) => source.addEventListener(event, (message) => act(JSON.parse(message.data)));
  source.onopen = () => { byId('connection').textContent = 'live'; };
  source.onerror = () => {
    byId('connection').textContent = source.readyState === EventSource.CLOSED
      ? 'this link has ended, or the server refused it' : 'connection lost, trying again';
  };
  on('snapshot', (setup) => {
    byId('domain').textContent = `Set-up of ${setup.domain.unicode}`;
    document.title = `${setup.domain.unicode} · PenguinMails`;
    byId('installation').hidden = !setup.testInstallation;
    steps.clear();
    setup.steps.forEach((step) => steps.set(step.step, step));
    showSteps();
    showState(setup);
  });
  on('progress', (step) => { steps.set(step.step, step); showSteps(); });
  on('state', showState);
  on('end', () => { source.close(); byId('connection').textContent = 'finished'; });
})();
