"""The pages of the web server flow: log in and allow access, and what is shown when an app cannot be served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from actionsync_simulators.salesforce.gateway.messages import Response

HTML = "text/html;charset=UTF-8"
WRONG_LOGIN = (
    "Please check your username and password. If you still can't log in, contact your Salesforce administrator."
)
HEADERS = [
    # No script and nothing from elsewhere. Without form-action: browsers hold redirects of a form to it as well.
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
]
_STYLE = """
:root{color-scheme:light dark;--page:#f3f5f8;--card:#fff;--text:#16202e;--soft:#5a6778;--line:#c6ced9;--main:#0b5cab;
--bad:#a4262c;--bad-page:#fdf0f0}
@media(prefers-color-scheme:dark){:root{--page:#10161f;--card:#1a2330;--text:#e8edf4;--soft:#9fadbf;--line:#3a4759;
--main:#2f7fd1;--bad:#ff9a9a;--bad-page:#3a2024}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--page);color:var(--text);
font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:24rem;background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:2rem}
h1{font-size:1.35rem;line-height:1.25;margin:0 0 .4rem}
p{margin:0 0 1.2rem;color:var(--soft);overflow-wrap:anywhere}
ul{margin:0 0 1.2rem;padding-left:1.2rem;color:var(--soft)}
.bad{padding:.6rem .8rem;border-radius:.3rem;background:var(--bad-page);color:var(--bad)}
label{display:block;margin:0 0 .25rem;font-size:.9rem}
input{width:100%;margin:0 0 1rem;padding:.6rem .7rem;border:1px solid var(--line);border-radius:.3rem;
background:var(--card);color:var(--text);font:inherit}
button{width:100%;margin:.2rem 0 0;padding:.65rem;border:1px solid var(--main);border-radius:.3rem;
background:var(--main);color:#fff;font:inherit;cursor:pointer}
button.second{border-color:var(--line);background:transparent;color:var(--text)}
:focus-visible{outline:3px solid var(--main);outline-offset:2px}
"""
SCOPE_TEXTS = {
    "api": "Manage user data via APIs",
    "web": "Manage user data via web browsers",
    "full": "Full access",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
    "openid": "Access unique user identifiers",
    "id": "Access the identity URL service",
    "profile": "Access the identity URL service",
    "email": "Access the identity URL service",
}
"""What a person reads for a scope; others show their name."""


def login_page(
    *,
    organization: str,
    client_id: str,
    scope: str,
    carried: Mapping[str, str],
    username: str = "",
    wrong: bool = False,
) -> Response:
    """The page that asks for username and password, and for leave to let the app in.

    `carried` are the parameters of the login, which the form sends along.
    """
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in carried.items()
    )
    asked = list(dict.fromkeys(SCOPE_TEXTS.get(name, name) for name in scope.split()))
    problem = f'<p class="bad" role="alert">{escape(WRONG_LOGIN)}</p>' if wrong else ""
    focus = {"username": "" if username else " autofocus", "password": " autofocus" if username else ""}
    body = (
        f"<h1>Log in to {escape(organization)}</h1>"
        f"<p><strong>{escape(client_id)}</strong> asks for access to this simulated org:</p>{_listed(asked)}{problem}"
        f'<form method="post" action="/services/oauth2/authorize">{hidden}'
        '<label for="username">Username</label>'
        f'<input id="username" name="username" type="text" autocomplete="username" required value="{escape(username)}"'
        f"{focus['username']}>"
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" required'
        f"{focus['password']}>"
        '<button name="action" value="allow">Log in and allow</button>'
        '<button class="second" name="action" value="deny" formnovalidate>Deny</button></form>'
    )
    return _page(f"Log in to {organization}", body, status=200)


def problem_page(error: str, description: str) -> Response:
    """The page for an app that nobody can be sent back to."""
    body = (
        "<h1>This login cannot go on</h1>"
        f'<p class="bad" role="alert">error={escape(error)}<br>error_description={escape(description)}</p>'
        "<p>The app that sent you here has to correct its request.</p>"
    )
    page = _page("Login error", body, status=400)
    page.code = error
    return page


def _listed(items: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _page(title: str, body: str, *, status: int) -> Response:
    text = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
    return Response(status, text, list(HEADERS), content_type=HTML)
