// The second factor, on the sign-in page: an authenticator app is shown its key
// and confirmed by its first code.
const byId = (id) => document.getElementById(id);

// factor runs the form in which an app is set up. page is that of account.js.
export function factor(page) {
  const form = byId('enrol');
  if (!form) return () => page.say('keptout');
  let typed = null; // to sign in; null for who is signed in
  let begun = null; // with which the key was shown

  function start(credentials) {
    typed = credentials;
    forget();
    byId('needed').hidden = !typed;
    byId('prove').hidden = Boolean(typed);
    byId('sure').required = !typed;
    byId('enroller').value = typed ? typed.user : '';
    page.shown(form);
    page.say(typed ? 'enrol' : 'app');
    if (typed) begin(typed);
    else byId('sure').focus();
  }

  // forget takes the key off the page.
  function forget() {
    form.reset();
    begun = null;
    byId('shown').hidden = true;
    byId('firstcode').required = false;
    byId('picture').removeAttribute('src');
    byId('key').textContent = '';
  }

  async function send(path, body) {
    let answer;
    try { answer = await page.ask('POST', path, body); } catch { page.say('away'); return null; }
    if (answer.ok) return answer;
    const why = await page.reason(answer);
    if (why.reason === 'over') page.left();
    else page.say(why.reason, why.seconds);
    return null;
  }

  async function begin(proof) {
    page.say('checking');
    const answer = await send('factor', proof);
    if (!answer) return;
    const { key, picture } = await answer.json();
    begun = proof;
    byId('prove').hidden = true;
    byId('sure').required = false;
    byId('picture').src = picture;
    byId('key').textContent = key.match(/.{1,4}/g).join(' ');
    byId('shown').hidden = false;
    byId('firstcode').required = true;
    byId('firstcode').focus();
    page.say('scan');
  }

  form.addEventListener('submit', async (e) => {
    e.preventDefault();
    if (!begun) return begin(typed ?? { password: byId('sure').value });
    page.say('checking');
    const answer = await send('factor/confirm', { ...begun, oneTime: byId('firstcode').value.replace(/\s/g, '') });
    byId('firstcode').value = '';
    if (!answer) return;
    forget();
    page.done(typed, 'enrolled');
  });

  form.querySelector('.cancel').addEventListener('click', () => {
    forget();
    page.back(typed);
  });
  byId('toenrol').addEventListener('click', () => start(null));
  return start;
}
