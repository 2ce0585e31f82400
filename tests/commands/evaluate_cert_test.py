"""The CERT insider threat data: a small invented set in the layout of each release, with planted insiders."""
import csv
import datetime
import gzip
import io
import json
import re
import unittest

from harness import ROOT, CommandTest

USERS = [f"{letters}{number:04d}" for number, letters in enumerate(("ABA", "CED", "GIF", "KOL", "MUN", "PAR", "SET", "VIX"), 11)]
THIEF = USERS[2]
LAST_MONTH = 4  # of 2010; the thief is missing from its directory

HEADERS = {
    "logon": {release: "id,date,user,pc,activity" for release in ("r4.2", "r5.2", "r6.2")},
    "device": {"r4.2": "id,date,user,pc,activity", "r5.2": "id,date,user,pc,file_tree,activity",
               "r6.2": "id,date,user,pc,file_tree,activity"},
    "http": {"r4.2": "id,date,user,pc,url,content", "r5.2": "id,date,user,pc,url,content",
             "r6.2": "id,date,user,pc,url,activity,content"},
    "email": {"r4.2": "id,date,user,pc,to,cc,bcc,from,size,attachments,content",
              "r5.2": "id,date,user,pc,to,cc,bcc,from,activity,size,attachments,content",
              "r6.2": "id,date,user,pc,to,cc,bcc,from,activity,size,attachments,content"},
    "file": {"r4.2": "id,date,user,pc,filename,content",
             "r5.2": "id,date,user,pc,filename,activity,to_removable_media,from_removable_media,content",
             "r6.2": "id,date,user,pc,filename,activity,to_removable_media,from_removable_media,content"},
}


def address(user):
    return f"{user.title()}.Quill.Invented@dtaa.com"


class Invented:
    """Rows of the five logs; ids are unique within a log only, as in the real data."""

    def __init__(self, release):
        self.release = release
        self.rows = {log: [] for log in HEADERS}
        self.answers = []

    def add(self, log, when, user, label=False, **cells):
        number = len(self.rows[log]) + 1
        row = {"id": f"{{X{number % 10}Y0-A0BC01DE-{number:04d}FGHI}}", "date": when.strftime("%m/%d/%Y %H:%M:%S"),
               "user": user, "pc": f"PC-{user[-4:]}", "content": 'words nobody may keep, "quoted" ones too', **cells}
        values = [row.get(name, "") for name in HEADERS[log][self.release].split(",")]
        self.rows[log].append(values)
        if label:
            self.answers.append([log, *values])

    def copy(self, when, user, number, label=False):
        self.add("file", when, user, label, filename=f"C:\\plans\\PLAN{number:04d}.doc", activity="File Copy",
                 to_removable_media="True", from_removable_media="False")

    def mail(self, when, user, to):
        attachments = "1" if self.release == "r4.2" else "C:\\plans\\note.doc(120);map.pdf(88)"
        self.add("email", when, user, to=to, **{"from": address(user)}, size="29000", attachments=attachments, activity="Send")

    def work(self, day, user):
        morning = datetime.datetime.combine(day, datetime.time(8, 5))
        self.add("logon", morning, user, activity="Logon")
        self.add("http", morning + datetime.timedelta(minutes=9), user, url="http://news.elsewhere.example/a.html",
                 activity="WWW Visit")
        self.mail(morning + datetime.timedelta(hours=1), user, address(USERS[0]))
        if user == USERS[5] and day.weekday() == 0:
            self.copy(morning + datetime.timedelta(hours=2), user, day.day)
        self.add("logon", morning + datetime.timedelta(hours=9), user, activity="Logoff")

    def steal(self, day, user):
        night = datetime.datetime.combine(day, datetime.time(22, 31))
        minutes = lambda count: night + datetime.timedelta(minutes=count)
        self.add("logon", night, user, True, activity="Logon")
        self.add("device", minutes(1), user, True, activity="Connect", file_tree="R:\\;R:\\plans")
        for number in range(60):
            self.copy(minutes(2), user, number, True)
        self.add("http", minutes(3), user, True, url="http://wikileaks.org/submit.html", activity="WWW Upload")
        self.add("device", minutes(4), user, True, activity="Disconnect")
        self.add("logon", minutes(5), user, activity="Logoff")


def table(header, rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    if header:
        writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


class EvaluateCert(CommandTest):
    def make(self, release="r4.2", name="set"):
        made = Invented(release)
        day = datetime.date(2010, 1, 4)
        thefts = [datetime.date(2010, 3, number) for number in (23, 24, 25)]
        while day <= datetime.date(2010, LAST_MONTH, 30):
            for user in USERS:
                if day.weekday() < 5 and not (user == THIEF and day > thefts[-1]):
                    made.work(day, user)
            if day in thefts:
                made.steal(day, THIEF)
            day += datetime.timedelta(days=1)
        for log, headers in HEADERS.items():
            self.write(f"{name}/{log}.csv", table(headers[release], made.rows[log]))
        projects = "projects," if release != "r4.2" else ""
        for month in range(12, 12 + LAST_MONTH + 1):
            named = f"{2009 + (month - 1) // 12}-{(month - 1) % 12 + 1:02d}"
            rows = [[f"{user} Quill Invented", user, address(user), "Technician", *([""] if projects else []), "1",
                     "2 - Making", "3 - Assembly", "4 - Team", "Nobody Quill Invented"]
                    for user in USERS if user != THIEF or named < f"2010-{LAST_MONTH:02d}"]
            self.write(f"{name}/LDAP/{named}.csv", table(
                f"employee_name,user_id,email,role,{projects}business_unit,functional_unit,department,team,supervisor", rows))
        self.write(f"{name}/psychometric.csv", "employee_name,user_id,O,C,E,A,N\nx,y,1,2,3,4,5\n")
        details = f"{release}-1-{THIEF}.csv"
        place = f"{release}-1/{details}" if release != "r6.2" else details
        self.write(f"{name}/answers/insiders.csv", table(
            "dataset,scenario,details,user,start,end",
            [[release[1:], "1", details, THIEF, "03/23/2010 22:31:00", ""], ["2", "1", "r2.csv", "ONE0001", "", ""]]))
        self.write(f"{name}/answers/{place}", table(None, made.answers))
        return self.folder / name

    def evaluate(self, folder, release, *more, code=0):
        done = self.candor("evaluate", "cert", "--release", release, folder, *more, data=False)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def figures(self, folder, release, *more):
        done = self.evaluate(folder, release, "--json", *more)
        return json.loads(done.stdout), done.stderr.decode()

    def test_the_planted_insider_is_found_in_each_release(self):
        for release in ("r4.2", "r5.2", "r6.2"):
            with self.subTest(release):
                found, notes = self.figures(self.make(release, release), release)
                self.assertNotIn("left out", notes)
                self.assertNotIn("in no log", notes, "every answer is in a log")
                self.assertEqual(found["insiders"], 1)
                self.assertEqual(found["people"], len(USERS), "whoever left was there once")
                scenario = found["by_scenario"]["night_media_leak_site"]
                self.assertEqual((scenario["people"], scenario["kind"]), (1, "malicious"))
                self.assertEqual(scenario["recall_own_cuts"]["hits"], 1)
                self.assertEqual(found["recall_at"]["5"], 1)
                self.assertEqual(scenario["recall_at"]["5"]["hits"], 1)
                self.assertEqual(found["false_alerts_per_person_month"], 0)

    def test_a_row_on_other_grounds_finds_nobody(self):
        folder = self.make()
        answers = folder / "answers" / "r4.2-1" / f"r4.2-1-{THIEF}.csv"
        logons = [line for line in answers.read_text().splitlines() if line.startswith("logon")]
        answers.write_text("\n".join(logons) + "\n")
        found, _ = self.figures(folder, "r4.2")
        self.assertEqual(found["by_scenario"]["night_media_leak_site"]["recall_own_cuts"]["hits"], 0,
                         "the copies were seen, but no answer names them")

    def test_what_is_off_is_switched_on_for_the_measurement_only(self):
        folder = self.make()
        policies = ROOT / "content" / "policies" / "optional" / "signs_before_leaving.yml"
        answers = folder / "answers" / "r4.2-1" / f"r4.2-1-{THIEF}.csv"
        visits = [line for line in answers.read_text().splitlines() if line.startswith("http")]
        answers.write_text("\n".join(visits) + "\n")
        hits = lambda found: found["by_scenario"]["night_media_leak_site"]["recall_own_cuts"]["hits"]
        off, _ = self.figures(folder, "r4.2", "--policies", policies)
        on, _ = self.figures(folder, "r4.2", "--policies", policies, "--everything-on")
        self.assertEqual((hits(off), hits(on)), (0, 1), "a visited page is private life")

    def test_bad_rows_are_counted_and_the_rest_goes_on(self):
        folder = self.make()
        with (folder / "logon.csv").open("a") as out:
            out.write("{Z},yesterday,ABA0011,PC-0011,Logon\n{Z},03/02/2010 08:00:00,ABA0011\n")
        with (folder / "answers" / "insiders.csv").open("a") as out:
            out.write("4.2,1,,,,\n")
        with (folder / "answers" / "r4.2-1" / f"r4.2-1-{THIEF}.csv").open("a") as out:
            out.write(f"logon,{{gone}},03/25/2010 23:59:00,{THIEF},PC-1,Logon\nbadge,{{x}}\n"
                      f"logon,{{other}},03/25/2010 23:59:00,{USERS[0]},PC-1,Logon\n")
        (folder / "http.csv.gz").write_bytes(gzip.compress((folder / "http.csv").read_bytes()))
        (folder / "http.csv").unlink()
        found, notes = self.figures(folder, "r4.2")
        self.assertEqual(found["by_scenario"]["night_media_leak_site"]["recall_own_cuts"]["hits"], 1)
        for words in ("cert_logon: 1 rows left out, no_time", "cert_logon: 1 rows left out, bad_csv",
                      r"insiders.csv: 1 rows cannot be used", f"r4.2-1-{THIEF}.csv: 1 rows cannot be used",
                      "1 rows of answers are of accounts of others", r"1 of \d+ labelled activities are in no log"):
            self.assertTrue(re.search(words, notes), f"{words} is not in:\n{notes}")
        self.assertNotIn("ABA0011", notes, "messages repeat nothing of a row")

    def refused(self, folder, release, *words):
        done = self.evaluate(folder, release, code=1)
        for word in words:
            self.assertIn(word, done.stderr.decode())
        self.assertEqual(done.stdout, b"")

    def test_what_is_missing_or_of_another_release_is_said(self):
        folder = self.make()
        self.refused(folder, "r5.2", "device.csv:1", "no column `file_tree`", "app.cert_other_release", "--release")
        later = self.make("r6.2", "later")
        self.refused(later, "r4.2", "a column `file_tree`", "app.cert_other_release")
        (folder / "answers" / "r4.2-1" / f"r4.2-1-{THIEF}.csv").unlink()
        self.refused(folder, "r4.2", f"r4.2-1-{THIEF}.csv", "line 2", "app.cert_missing")
        insiders = folder / "answers" / "insiders.csv"
        text = insiders.read_text()
        insiders.write_text(text.replace(THIEF, "ZZZ9999"))
        self.refused(folder, "r4.2", "knows none of the people", "app.cert_other_release")
        insiders.write_text(text.replace("4.2,", "5.2,"))
        self.refused(folder, "r4.2", "no row of data set 4.2", "2, 5.2")
        insiders.write_text("dataset,scenario\n")
        self.refused(folder, "r4.2", "no column `details`", "app.bad_labels")
        insiders.unlink()
        self.refused(folder, "r4.2", "no insiders.csv", "--answers", "app.cert_missing")
        (folder / "email.csv").unlink()
        self.refused(folder, "r4.2", "has no email.csv", "app.cert_missing")
        for file in (folder / "LDAP").iterdir():
            file.unlink()
        self.refused(folder, "r4.2", "LDAP", "app.cert_missing")
        done = self.candor("evaluate", "cert", "--release", "r7", folder, data=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"r6.2", done.stderr)

    def test_the_logs_are_feeds_like_any_other(self):
        folder = self.make("r5.2")
        done = self.candor("normalise", "--feed", "cert_file", folder / "file.csv", data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        activity = json.loads(done.stdout.splitlines()[0])
        self.assertEqual(activity["event"]["action"], "FileCopiedToRemovableMedia")
        self.assertEqual(activity["file"]["extension"], "doc")
        self.assertEqual(activity["candor"]["actor"]["kind"], "person")
        done = self.candor("normalise", "--feed", "cert_email", folder / "email.csv", data=False)
        mail = json.loads(done.stdout.splitlines()[0])
        self.assertEqual(mail["@timestamp"], "2010-01-04T09:05:00Z")
        self.assertEqual([one["file"]["name"] for one in mail["email"]["attachments"]], ["note.doc", "map.pdf"])
        self.assertEqual(mail["candor"]["recipient"]["domains"], ["dtaa.com"])
        self.assertNotIn(b"nobody may keep", done.stdout)


if __name__ == "__main__":
    unittest.main()
