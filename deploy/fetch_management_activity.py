#!/usr/bin/env python3
"""Fetches the audit log through the Office 365 Management Activity API into a folder that Candor follows.

    fetch_management_activity.py --folder INBOX [--hours 4] [--content-type Audit.Exchange ...]

Reads CANDOR_TENANT_ID, CANDOR_CLIENT_ID and CANDOR_CLIENT_SECRET from the environment: an application of the tenant
with the permission ActivityFeed.Read. Run it from a scheduler with hours that overlap: blobs may come a day late, and
what is fetched twice Candor recognises. Each content type becomes one gzip file of one record a line, written under a
hidden name and renamed when it is whole. Ends with 1 when something could not be fetched; the next run fetches it again.
"""
import argparse
import datetime
import gzip
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

LOGIN = os.environ.get("CANDOR_LOGIN_URL", "https://login.microsoftonline.com")
API = os.environ.get("CANDOR_ACTIVITY_URL", "https://manage.office.com")
CONTENT_TYPES = ("Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General", "DLP.All")
LONGEST_WINDOW = datetime.timedelta(hours=24)  # of one listing, says the API
ATTEMPTS = 5


def request(url, token=None, body=None):
    """The answer's headers and bytes. Waits and tries again when told to, or when the server is at fault."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    for attempt in range(ATTEMPTS):
        try:
            with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers), timeout=60) as answer:
                return answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            if attempt + 1 == ATTEMPTS or (error.code != 429 and error.code < 500):
                raise
            time.sleep(min(int(error.headers.get("Retry-After") or 2 ** attempt), 120))
        except urllib.error.URLError:
            if attempt + 1 == ATTEMPTS:
                raise
            time.sleep(2 ** attempt)


def sign_in(tenant):
    body = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": f"{API}/.default",
                                   "client_id": os.environ["CANDOR_CLIENT_ID"],
                                   "client_secret": os.environ["CANDOR_CLIENT_SECRET"]}).encode()
    return json.loads(request(f"{LOGIN}/{tenant}/oauth2/v2.0/token", body=body)[1])["access_token"]


def start_subscription(feed, token, content_type):
    """The log of a type is kept for the API from the first start on; starting again changes nothing."""
    try:
        request(f"{feed}/subscriptions/start?contentType={content_type}", token, b"")
    except urllib.error.HTTPError as error:
        if error.code != 400:  # AF20024: it is started already
            raise


def blobs(feed, token, content_type, start, end):
    """The address of every blob that became available in the window."""
    while start < end:
        until = min(start + LONGEST_WINDOW, end)
        query = urllib.parse.urlencode({"contentType": content_type, "startTime": start.strftime("%Y-%m-%dT%H:%M:%S"),
                                        "endTime": until.strftime("%Y-%m-%dT%H:%M:%S")})
        url = f"{feed}/subscriptions/content?{query}"
        while url:
            headers, body = request(url, token)
            for blob in json.loads(body):
                yield blob["contentUri"]
            url = headers.get("NextPageUri")
        start = until


def fetch(feed, token, content_type, start, end, folder):
    """How many records were written."""
    name = f"{content_type.lower()}-{end:%Y%m%dT%H%M%SZ}.jsonl.gz"
    temporary = folder / f".{name}"
    count = 0
    try:
        with gzip.open(temporary, "wt", encoding="utf-8", newline="\n") as file:
            for address in blobs(feed, token, content_type, start, end):
                if not address.startswith(API + "/"):
                    raise ValueError("the API names content at another address")  # the token is not for it
                for record in json.loads(request(address, token)[1]):
                    file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
                    count += 1
        if count:
            temporary.rename(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--hours", type=int, default=4, choices=range(1, 169), metavar="1-168")
    parser.add_argument("--content-type", nargs="+", default=CONTENT_TYPES, choices=CONTENT_TYPES)
    options = parser.parse_args()
    missing = [name for name in ("CANDOR_TENANT_ID", "CANDOR_CLIENT_ID", "CANDOR_CLIENT_SECRET")
               if not os.environ.get(name)]
    if missing:
        parser.error(f"set {', '.join(missing)} in the environment")
    if not options.folder.is_dir():
        parser.error(f"there is no folder {options.folder}")
    tenant = os.environ["CANDOR_TENANT_ID"]
    end = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0, tzinfo=None)
    start = end - datetime.timedelta(hours=options.hours)
    feed = f"{API}/api/v1.0/{tenant}/activity/feed"
    failed = False
    token = sign_in(tenant)
    for content_type in options.content_type:
        try:
            start_subscription(feed, token, content_type)
            count = fetch(feed, token, content_type, start, end, options.folder)
            print(f"{content_type}: {count} records")
        except (urllib.error.URLError, ValueError, KeyError) as error:
            failed = True
            print(f"{content_type}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
