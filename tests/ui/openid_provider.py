"""A small OpenID provider on loopback: it asks nobody for a password, and signs whatever it is told to say."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET = "footnote", "a secret of the client"


class Provider:
    """What it says of whoever signs in next, and the codes that it gave away."""

    def __init__(self) -> None:
        self.key = self.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.says: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.address = ""

    def described(self) -> dict[str, Any]:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {
            "issuer": self.address,
            **{name: f"{self.address}/{place}" for name, place in places.items()},
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        size = (numbers.n.bit_length() + 7) // 8
        public = {"n": _text(numbers.n.to_bytes(size, "big")), "e": _text(numbers.e.to_bytes(3, "big"))}
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", **public}]}

    def code_for(self, asked: dict[str, str]) -> str:
        """Where the visitor is sent back to, with a code that is good once."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token_for(self, told: dict[str, str], account: str) -> dict[str, Any] | None:
        """For a code, to the client whose secret it is, who also knows what the code was asked for with."""
        asked = self.codes.pop(told["code"], None)
        challenge = _text(hashlib.sha256(told.get("code_verifier", "").encode()).digest())
        if not asked or account != f"{CLIENT}:{SECRET}" or challenge != asked.get("code_challenge"):
            return None
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        head, body = ({"alg": "RS256", "kid": "one"}, claims | self.says)
        signed = ".".join(_text(json.dumps(part).encode()) for part in (head, body))
        seal = self.signs_with.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        return {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": f"{signed}.{_text(seal)}"}


@contextmanager
def provider() -> Iterator[Provider]:
    """Until the end."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", told.code_for(_first(parts.query)))
                self.end_headers()
            else:
                self._say(told.keys() if parts.path == "/keys" else told.described())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            account = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            self._say(told.token_for(_first(body), account))

        def _say(self, what: dict[str, Any] | None) -> None:
            body = json.dumps(what or {"error": "invalid_grant"}).encode()
            self.send_response(200 if what else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.address = f"http://localhost:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
