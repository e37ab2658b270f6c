// Says how large the chosen file is; its name the browser shows itself.
document.addEventListener('change', ({ target }) => {
  if (!target.matches('form[data-sends] input[type=file]')) return;
  const bytes = target.files[0]?.size;
  const [unit, told] = bytes < 1048576 ? ['KB', Math.ceil(bytes / 1024)] : ['MB', (bytes / 1048576).toFixed(1)];
  target.nextElementSibling.textContent = bytes === undefined ? '' : `Size: ${told} ${unit}`;
});

// Shows how far a file has been sent. Without this the browser sends the form by itself, and shows less.
document.addEventListener('submit', (event) => {
  const form = event.target;
  const file = form.matches('form[data-sends]') && form.elements.file.files[0];
  if (!file) return;
  event.preventDefault();
  const sending = form.querySelector('.app-progress');
  const said = sending.querySelector('label');
  const bar = sending.querySelector('progress');
  const button = form.querySelector('button');
  const tell = (part) => {
    bar.value = part;
    said.textContent = part < 1 ? `Sending ${file.name}: ${Math.floor(part * 100)}%` : `${file.name} is sent, and is taken in`;
  };
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.upload.onprogress = ({ loaded, total }) => tell(loaded / total);
  request.onload = () => {
    if (request.responseURL !== form.action) return location.assign(request.responseURL);
    // The form again, with what is wrong.
    const page = new DOMParser().parseFromString(request.responseText, 'text/html');
    document.title = page.title;
    document.querySelector('main').replaceWith(page.querySelector('main'));
    document.querySelector('main [tabindex="-1"]')?.focus();
  };
  // What went wrong on the way, the browser says best.
  request.onerror = () => form.submit();
  tell(0);
  sending.hidden = false;
  button.disabled = true;
  request.send(new FormData(form));
});

// Whoever comes back to the page finds the form as it was.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sends]')) {
    form.querySelector('.app-progress').hidden = true;
    form.querySelector('button').disabled = false;
  }
});
