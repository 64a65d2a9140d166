/** Where a person of the Web UI gives the token, once a browser session. */
export function signInPage(message: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Braid’s codec server</title>
<style>body { font: 1rem/1.5 sans-serif; max-width: 30rem; margin: 4rem auto }</style>
<h1>Braid’s codec server</h1>
<p>${message}</p>
<form method="post" action="sign-in">
<label>Token <input name="token" type="password" autocomplete="off" required autofocus></label>
<button>Sign in</button>
</form>
</html>
`;
}

/** The token of the form. */
export function tokenOf(form: string): string {
  return new URLSearchParams(form).get('token') ?? '';
}
