// Warns two minutes before the session ends, unless another tab has prolonged it, and prolongs it without leaving the page.
// Without this the style sheet shows the notice after a time, and its button opens a page.
const notice = document.querySelector('[data-stay]');
const words = notice.querySelector('[role=status]');
const form = notice.querySelector('form');
const [before, again] = [120, 30];
let due;
let timer;
let from;

const show = (text) => {
  if (text) words.textContent = text;
  notice.dataset.shown = text ? 'yes' : 'no';
};

const later = (seconds) => {
  clearTimeout(timer);
  due = Date.now() + seconds * 1000;
  timer = setTimeout(look, seconds * 1000);
};

// Asking prolongs nothing.
const look = async () => {
  due = Infinity;
  const answer = await fetch(notice.dataset.stay).catch(() => null);
  if (!answer || answer.status >= 500) return later(again);
  const left = answer.ok && !answer.redirected ? Number(await answer.text()) : 0;
  form.hidden = left <= 0;
  if (left > before) {
    show('');
    later(left - before);
  } else if (left > 0) {
    show('You will be signed out in 2 minutes if you do nothing.');
    later(left + 1);
  } else {
    due = 0;
    show('You have been signed out. What you typed is kept, but for passwords and files: press the button of this page, and sign in again.');
  }
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const answer = await fetch(form.action, { method: 'POST' }).catch(() => null);
  if (answer?.status === 204) show('You stay signed in.');
  from?.focus();
  setTimeout(look, 3000);
});

// Whoever pressed the button goes on where they were.
notice.addEventListener('focusin', (event) => {
  if (!notice.contains(event.relatedTarget)) from = event.relatedTarget;
});

// A machine that was asleep counted no seconds, and in another tab one may have signed in again.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && Date.now() > due) look();
});

show('');
// The page itself was just asked for.
later(notice.dataset.after);
