// Shows one set-up live. Texts are put in as text, never as HTML: evidence comes from outside.
(() => {
  const marks = { DONE: '✓', PASSED: '✓', VERIFIED: '✓', FAILED: '✗', CONFLICT: '✗', RUNNING: '●', WAITING: '…',
    PUBLISHED: '…', SKIPPED: '–', UNKNOWN: '?' };
  const who = { TENANT: 'You can help', STAFF: 'Our staff are on it', TIME: 'Nobody needs to act' };
  const byId = (id) => document.getElementById(id);
  const steps = new Map();
  let told = new Set(); // causes that ask for attention

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
      ...(told.has(step.waitingFor) ? ['See above.'] : [
        step.what && `${step.what} ${step.nextStep}`,
        who[step.whoCanHelp],
        step.evidence]),
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

  const copyButton = (label, text) => {
    const button = element('button', label);
    button.type = 'button';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = 'Copied';
      } catch { // no permission, or not over https
        button.textContent = 'Select it by hand';
      }
      setTimeout(() => { button.textContent = label; }, 2000);
    });
    return button;
  };

  const isSeen = (record) => record.state === 'VERIFIED';

  const entryLine = (record) => {
    const item = line(record.state, `${record.name} ${record.type}`, record.evidence);
    const value = element('div');
    value.append(element('code', record.value));
    item.lastChild.append(value);
    if (!isSeen(record)) {
      const buttons = element('div', '', 'buttons');
      buttons.append(copyButton('Copy name', record.name), copyButton('Copy value', record.value));
      item.lastChild.append(buttons);
    }
    return item;
  };

  // Evidence changes at every look; a list that stays the same keeps the reader's selection.
  let shownRecords = '';
  const showRecords = (records) => {
    const now = JSON.stringify(records);
    if (now === shownRecords) return;
    shownRecords = now;
    const missing = records.filter((record) => !isSeen(record));
    byId('records').hidden = !records.length;
    byId('records').open = missing.length > 0; // what is done needs no reader
    byId('missing').textContent = missing.length
      ? `${missing.length} of ${records.length} are not seen everywhere yet.`
      : `All ${records.length} are seen everywhere.`;
    byId('entries').replaceChildren(...missing.concat(records.filter(isSeen)).map(entryLine));
  };

  const showState = (setup) => {
    byId('state').textContent = setup.state.toLowerCase();
    told = new Set(setup.attention.map((item) => item.cause));
    showSteps();
    byId('attention').replaceChildren(...setup.attention.map((item) => {
      const box = element('div', '', 'attention');
      box.append(element('p', item.what || item.cause), element('p', item.nextStep),
        element('p', who[item.whoActs], 'quiet'),
        ...Object.values(item.details).map((detail) => element('p', detail, 'quiet')));
      return box;
    }));
    showRecords(setup.records);
    byId('proof').hidden = !setup.proof;
    byId('checks').replaceChildren(...(setup.proof ? setup.proof.checks : [])
      .map((check) => line(check.verdict, check.name, check.evidence)));
  };

  const connection = (text) => { byId('connection').textContent = text; };

  // A browser gives a stream up for good when the answer is an error: also a gateway's, while we are away.
  const comeBack = async () => {
    connection('connection lost, trying again');
    const page = await fetch(location.href).catch(() => null);
    if (page && page.status === 403) connection('this link has ended: whoever sent it can make a new one');
    else setTimeout(follow, 5000);
  };

  const follow = () => {
    const address = location.pathname.replace(/\/$/, '') + '/events' + location.search;
    const source = new EventSource(address);
    const on = (event, act) => source.addEventListener(event, (message) => act(JSON.parse(message.data)));
    source.onopen = () => connection('live');
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) comeBack();
      else connection('connection lost, trying again');
    };
    on('snapshot', (setup) => {
      byId('domain').textContent = `Set-up of ${setup.domain.unicode}`;
      document.title = `${setup.domain.unicode} · PenguinMails`;
      byId('installation').hidden = !setup.testInstallation;
      steps.clear();
      setup.steps.forEach((step) => steps.set(step.step, step));
      showState(setup);
    });
    on('progress', (step) => { steps.set(step.step, step); showSteps(); });
    on('state', showState);
    on('end', () => { source.close(); connection('finished'); });
  };
  follow();
})();
