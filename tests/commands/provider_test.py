"""Sign-in with an identity provider on the command line: what is wrong with its settings, and where a secret may not be.
What a whole sign-in does is in web/e2e/provider.e2e.ts, against a real provider."""
import os
import shutil
import socket
import unittest

from harness import ROOT, CommandTest

HIDDEN = "h1dden-secret"


class Provider(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            self.issuer = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        self.write("secret", HIDDEN + "\n").chmod(0o600)

    def settings(self, **changes):
        said = {"issuer": self.issuer, "client_id": "candor", "client_secret_file": str(self.folder / "secret"),
                "public_address": "https://candor.example.com", "roles": "[{group: a, role: analyst}]", **changes}
        lines = "".join(f"  {name}: {value}\n" for name, value in said.items())
        (self.content / "settings.yml").write_text("oidc:\n" + lines)

    def check(self, code=1):
        done = self.candor("--content", self.content, "viewer", "oidc-check", data=False)
        text = done.stdout.decode() + done.stderr.decode()
        self.assertEqual(done.returncode, code, text)
        self.assertNotIn(HIDDEN, text)
        return text

    def test_without_an_issuer_there_is_none(self):
        self.assertIn("access.provider_off", self.check())

    def test_faults_of_the_settings_come_first(self):
        self.settings(client_id='""', public_address="http://candor.example.com")
        self.assertIn("settings.bad_value", self.check())
        self.settings(client_id='""')
        self.assertIn("`client_id` is needed", self.check())
        self.settings(client_secret=HIDDEN)
        self.assertIn("settings.unknown_key", self.check())

    def test_a_role_that_is_not_there(self):
        self.settings(roles="[{group: a, role: analist}]")
        self.assertIn("did you mean `analyst`?", self.check())
        done = self.candor("--content", self.content, "serve", "--port", "0")
        self.assertEqual(done.returncode, 1)
        self.assertIn("app.bad_settings", done.stderr.decode())

    def test_a_secret_that_is_not_there_or_open_to_all(self):
        self.settings(client_secret_file=str(self.folder / "none"))
        self.assertIn("cannot be read", self.check())
        done = self.candor("--content", self.content, "serve", "--port", "0")
        self.assertIn("app.bad_client_secret", done.stderr.decode())
        os.chmod(self.folder / "secret", 0o644)
        self.settings()
        self.assertIn("everybody on this machine may read", self.check())

    def test_nobody_answers(self):
        self.settings()
        text = self.check()
        self.assertIn("problem  the identity provider cannot be reached", text)
        self.assertIn(self.issuer + "/.well-known/openid-configuration", text)


if __name__ == "__main__":
    unittest.main()
