// Shows the forms for passkeys where the browser knows passkeys, and has it make or use one when such a form is sent.
for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) continue;
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    try {
      const asked = await fetch(form.dataset.options, { method: 'POST' });
      const { publicKey } = await asked.json();
      const credential =
        form.dataset.passkey === 'new'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      form.elements.credential.value = JSON.stringify(credential);
    } catch {
      // Without an answer the server says what to do.
      form.elements.credential.value = ' ';
    }
    form.requestSubmit();
  });
}
