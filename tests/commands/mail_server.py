"""A mail server of the test's own: Debian's exim4 as an ordinary process on a free port, delivering into a file."""
import contextlib
import email
import email.policy
import grp
import json
import mailbox
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time

EXIM = shutil.which("exim4") or "/usr/sbin/exim4"
USER, PASSWORD = "candor", "s3cret-of-mail"

CONFIGURATION = """
primary_hostname = mail.example.com
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
exim_user = {user}
exim_group = {group}
trusted_users = {user}
local_interfaces = 127.0.0.1
host_lookup =
rfc1413_hosts =
smtp_accept_keepalive = false
message_size_limit = 2M
{tls}
auth_advertise_hosts = {auth_hosts}
acl_smtp_mail = check_mail
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
timezone = UTC
keep_environment =
begin acl
check_mail:
{needs_sign_in}
  accept
check_rcpt:
  deny domains = {refused}
       message = no such mailbox here, $local_part@$domain
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = {folder}/mail/box
  envelope_to_add
  user = {delivers}
  group = {delivers_group}
begin retry
* * F,1h,1m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{""" + USER + """}}}}{{eq{{$auth3}}{{""" + PASSWORD + """}}}}}}}}
  server_set_id = $auth2
"""


def is_there():
    return os.access(EXIM, os.X_OK)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class MailServer:
    """`tls`: offers STARTTLS with a certificate of its own and takes mail only from who signs in. `folder` must not be
    there; mail to the domain `refused` is refused. stop() ends it, start() begins again on the same port."""

    def __init__(self, folder, tls=True, refused="refused.example.com"):
        self.folder, self.port, self.process = pathlib.Path(folder), free_port(), None
        for name in ("spool", "log", "mail"):
            (self.folder / name).mkdir(parents=True)
        me = pwd.getpwuid(os.geteuid())
        delivers, group = me.pw_name, grp.getgrgid(me.pw_gid).gr_name
        if os.geteuid() == 0:  # it never delivers as root
            delivers, group = "Debian-exim", "Debian-exim"
            (self.folder / "mail").chmod(0o777)
            for part in [self.folder, *self.folder.parents]:
                if part.stat().st_uid == 0 and not part.stat().st_mode & 0o001:
                    part.chmod(part.stat().st_mode | 0o011)
        if tls:
            self.make_certificate()
        self.configuration = self.folder / "exim.conf"
        self.configuration.write_text(CONFIGURATION.format(
            folder=self.folder, refused=refused, user=me.pw_name, group=grp.getgrgid(me.pw_gid).gr_name,
            delivers=delivers, delivers_group=group,
            tls=(f"tls_advertise_hosts = *\ntls_certificate = {self.certificate}\ntls_privatekey = {self.folder}/key.pem"
                 if tls else "tls_advertise_hosts ="),
            auth_hosts="${if eq{$tls_in_cipher}{}{}{*}}" if tls else "",
            needs_sign_in="  deny !authenticated = *\n       message = sign in first" if tls else ""))

    @property
    def certificate(self):
        return self.folder / "cert.pem"

    def make_certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.folder / "key.pem",
                        "-out", self.certificate, "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)

    def start(self):
        self.process = subprocess.Popen(
            [EXIM, "-C", str(self.configuration), "-bdf", "-oX", f"127.0.0.1.{self.port}", "-oP",
             str(self.folder / "exim.pid")], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env={"PATH": os.environ.get("PATH", "/usr/bin")}, start_new_session=True)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None:
                raise RuntimeError(self.process.stderr.read().decode() + self.log())
            time.sleep(0.02)
        raise RuntimeError("the mail server did not start: " + self.log())

    def stop(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.process.stderr.close()
        self.process = None

    def log(self):
        return "".join(part.read_text(errors="replace") for part in sorted((self.folder / "log").iterdir()))

    def mails(self):
        """What was delivered so far, parsed."""
        box = self.folder / "mail" / "box"
        if not box.exists():
            return []
        with contextlib.closing(mailbox.mbox(box)) as kept:
            return [email.message_from_bytes(one.as_bytes(), policy=email.policy.default) for one in kept]

    def settings(self, **more):
        """The section `mail` of settings.yml for this server."""
        values = {"server": f"smtp://127.0.0.1:{self.port}", "from": "candor@example.com", **more}
        if self.certificate.exists():
            values = {"ca_file": str(self.certificate), "user": USER, **values}
        return "mail: " + json.dumps(values) + "\n"


def main():
    """For tests in other languages: `mail_server.py FOLDER` serves until its input ends; each line asked for gives all
    mails so far. Every answer is a line of JSON, the first the settings."""
    server = MailServer(sys.argv[1]).start()
    print(json.dumps({"settings": server.settings(), "password": PASSWORD}), flush=True)
    try:
        for _ in sys.stdin:
            print(json.dumps([{"to": one["to"], "subject": one["subject"],
                               "text": one.get_body(("plain",)).get_content()} for one in server.mails()]), flush=True)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
