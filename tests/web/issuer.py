"""A small identity provider on loopback, with what OpenID Connect asks of one: discovery, code flow with PKCE, claims."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt

CLIENT, SECRET = "interlocal", "a secret that both sides know"


class Issuer(ThreadingHTTPServer):
    """Signs in whoever ``person`` says, without a question."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.person, self.asked, self.refused = {}, {}, []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answer(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/.well-known/openid-configuration":
            url = self.server.url
            self.tell(
                {
                    "issuer": url,
                    "authorization_endpoint": f"{url}/authorize",
                    "token_endpoint": f"{url}/token",
                    "userinfo_endpoint": f"{url}/userinfo",
                    "jwks_uri": f"{url}/keys",
                }
            )
        elif parts.path == "/authorize":
            code = str(len(self.server.asked))
            self.server.asked[code] = asked, dict(self.server.person)
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")  # fmt: skip
            self.end_headers()
        else:
            code = self.headers["Authorization"].removeprefix("Bearer token-")
            self.tell(self.server.asked[code][1])

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        code = sent["code"][0]
        asked, person = self.server.asked[code]
        made = base64.urlsafe_b64encode(hashlib.sha256(sent["code_verifier"][0].encode()).digest())
        if (
            made.decode().rstrip("=") != asked["code_challenge"]
            or sent["client_secret"] != [SECRET]
            or sent["redirect_uri"] != [asked["redirect_uri"]]
        ):
            self.server.refused.append(sent)
            self.tell({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {"iss": self.server.url, "aud": CLIENT, "iat": now, "exp": now + 60, **person}
        self.tell(
            {
                "access_token": f"token-{code}",
                "token_type": "Bearer",
                "id_token": jwt.encode(claims, "k" * 32, algorithm="HS256"),
            }
        )

    def tell(self, what, status=200):
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
