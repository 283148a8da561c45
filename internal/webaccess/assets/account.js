// What people sign in with, on the sign-in page: their password. The page's own
// script says what to show next.
const byId = (id) => document.getElementById(id);

// account runs the form in which a password is changed. page gives what both
// scripts need: ask, reason, say, given (what was typed to sign in, or nothing
// of who is signed in), shown (the part that is to be seen) and done.
export function account(page) {
  const change = byId('change');
  if (!change) return { stale: () => page.say('keptout') };
  let typed = null; // to sign in; null for who is signed in

  function start(credentials, status) {
    typed = credentials;
    change.reset();
    byId('stale').hidden = byId('former').hidden = !typed;
    byId('former').hidden = Boolean(typed);
    byId('old').required = !typed;
    byId('changer').value = typed ? typed.user : '';
    code(Boolean(typed?.oneTime));
    page.shown(change);
    page.say(status);
    (typed ? byId('next') : byId('old')).focus();
  }

  // code asks for the code of the second factor, or no more.
  function code(wanted) {
    byId('changecode').hidden = !wanted;
    byId('changetime').required = wanted;
    byId('changetime').value = '';
  }

  change.addEventListener('submit', async (e) => {
    e.preventDefault();
    const next = byId('next').value;
    if (next !== byId('again').value) return page.say('differ');
    page.say('setting');
    const oneTime = byId('changetime').value.replace(/\s/g, '');
    let answer;
    try {
      answer = await page.ask('POST', 'password', { ...(typed ?? { password: byId('old').value }), oneTime, next });
    } catch { return page.say('away'); }
    if (answer.ok) {
      change.reset();
      return page.done(typed, 'changed');
    }
    const why = await page.reason(answer);
    if (why.reason === 'code' || why.reason === 'wrongcode') {
      code(true);
      byId('changetime').focus();
    }
    if (why.reason === 'over') return page.left();
    if (why.reason === 'enrol') return page.enrol({ ...typed, password: next, oneTime: '' });
    page.say(why.reason === 'wrong' && !typed ? 'wrongformer' : why.reason, why.seconds);
  });

  change.querySelector('.cancel').addEventListener('click', () => {
    change.reset();
    page.back(typed);
  });
  byId('tochange').addEventListener('click', () => start(null, 'change'));
  return { stale: (credentials) => start(credentials, 'stale') };
}
