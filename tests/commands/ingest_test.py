"""`candor ingest`: every form the logs come in, counts, exit codes, repeats and corrections."""
import gzip
import json
import subprocess
import unittest

from harness import CANDOR, CommandTest, audit_csv, record


class Forms(CommandTest):
    """The same five records in each form give the same counts."""

    def setUp(self):
        super().setUp()
        self.records = [record(n) for n in range(5)]

    def check(self, *files, **more):
        summary = self.ingest(*files, **more)
        self.assertEqual(summary["stored"], 5)
        self.assertEqual(summary["by_people"], 5)
        self.assertEqual(summary["people"], 1)
        self.assertEqual(summary["first"], "2026-03-01T09:00:00Z")
        self.assertEqual(summary["last"], "2026-03-01T09:04:00Z")
        self.assertEqual(summary["unknown_operations"], {})

    def test_ndjson(self):
        self.check(self.write_lines("a.jsonl", self.records))

    def test_ndjson_without_last_line_end(self):
        self.check(self.write("a.jsonl", "\n".join(json.dumps(r) for r in self.records)))

    def test_json_array(self):
        self.check(self.write("a.json", json.dumps(self.records)))

    def test_pretty_json_array(self):
        self.check(self.write("a.json", json.dumps(self.records, indent=4)))

    def test_one_object(self):
        summary = self.ingest(self.write("a.json", json.dumps(self.records[0], indent=2)))
        self.assertEqual(summary["stored"], 1)

    def test_csv(self):
        self.check(self.write("a.csv", audit_csv(self.records)))

    def test_csv_with_byte_order_mark(self):
        self.check(self.write("a.csv", b"\xef\xbb\xbf" + audit_csv(self.records).encode()))

    def test_gzip(self):
        self.check(self.write("a.jsonl.gz", gzip.compress("".join(json.dumps(r) + "\n" for r in self.records).encode())))

    def test_zstd_csv(self):
        path = self.write("a.csv", audit_csv(self.records))
        subprocess.run(["zstd", "-q", "--rm", str(path)], check=True)
        self.check(self.folder / "a.csv.zst")

    def test_folder(self):
        self.write_lines("logs/1.jsonl", self.records[:2])
        self.write("logs/deep/2.csv", audit_csv(self.records[2:]))
        self.check(self.folder / "logs")

    def test_standard_input(self):
        self.check("-", stdin="".join(json.dumps(r) + "\n" for r in self.records).encode())


class Counts(CommandTest):
    def test_a_repeat_is_counted_once_and_a_second_run_stores_nothing(self):
        path = self.write_lines("a.jsonl", [record(1), record(2), record(1)])
        first = self.ingest(path)
        self.assertEqual((first["stored"], first["repeats"]), (2, 1))
        again = self.ingest(path)
        self.assertEqual(again["stored"], 0)
        copy = self.write_lines("b.jsonl", [record(2), record(1)])
        self.assertEqual(self.ingest(copy)["repeats"], 2)

    def test_other_content_under_one_identity_is_a_correction(self):
        summary = self.ingest(self.write_lines("a.jsonl", [record(1), record(1, SourceFileName="other.docx")]))
        self.assertEqual((summary["stored"], summary["corrections"], summary["repeats"]), (2, 1, 0))

    def test_one_id_for_two_operations_is_two_activities(self):
        summary = self.ingest(self.write_lines("a.jsonl", [record(1), record(1, Operation="FileDeleted")]))
        self.assertEqual((summary["stored"], summary["corrections"]), (2, 0))

    def test_empty_rows_are_counted_and_the_rest_goes_on(self):
        summary = self.ingest(self.write("a.csv", audit_csv([record(1), "", record(2)])), code=2)
        self.assertEqual(summary["rejected"], {"empty_record": 1})
        self.assertEqual((summary["rows_read"], summary["records_read"], summary["stored"]), (3, 2, 2))

    def test_broken_rows_are_named_with_their_place(self):
        path = self.write("a.jsonl", json.dumps(record(1)) + "\n{\"broken\": \n" + json.dumps(record(2)) + "\n")
        done = self.candor("ingest", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("a.jsonl:2", done.stderr.decode())

    def test_unknown_operations_and_record_types_are_kept_and_shown(self):
        summary = self.ingest(self.write_lines("a.jsonl", [record(1, Operation="FileTeleported", RecordType=9999)]))
        self.assertEqual(summary["stored"], 1)
        self.assertEqual(summary["unknown_operations"], {"FileTeleported": 1})
        self.assertEqual(summary["unknown_record_types"], {"9999": 1})

    def test_record_type_as_number_text_and_name(self):
        summary = self.ingest(self.write_lines("a.jsonl", [
            record(1, RecordType=6), record(2, RecordType="6"), record(3, RecordType="SharePointFileOperation")]))
        self.assertEqual((summary["stored"], summary["unknown_record_types"]), (3, {}))

    def test_the_platform_is_not_a_person(self):
        names = ["NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)", "app@sharepoint", "SHAREPOINT\\system",
                 "ServicePrincipal_22222222-2222-4222-8222-222222222222", "22222222-2222-4222-8222-222222222222",
                 "Certificate", "Not-Found", "S-1-5-18", "SecurityComplianceAlerts", "DlpAgent"]
        summary = self.ingest(self.write_lines("a.jsonl", [record(n, UserId=name) for n, name in enumerate(names)]))
        self.assertEqual((summary["by_others"], summary["by_people"], summary["people"]), (len(names), 0, 0))

    def test_an_application_that_acts_for_a_person_is_that_person(self):
        summary = self.ingest(self.write_lines("a.jsonl", [record(1, UserType=5)]))
        self.assertEqual((summary["by_people"], summary["people"]), (1, 1))

    def test_letter_case_of_an_address_does_not_make_another_person(self):
        summary = self.ingest(self.write_lines("a.jsonl", [record(1), record(2, UserId="ada.kelm@EXAMPLE.com")]))
        self.assertEqual(summary["people"], 1)


class Failures(CommandTest):
    def test_a_missing_file_is_named(self):
        done = self.candor("ingest", "nowhere.json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nowhere.json", done.stderr.decode())

    def test_a_truncated_gzip_delivers_what_came_before_and_says_so(self):
        whole = gzip.compress("".join(json.dumps(record(n)) + "\n" for n in range(2000)).encode())
        path = self.write("a.gz", whole[:len(whole) // 2])
        summary = self.ingest(path, code=1)
        self.assertGreater(summary["stored"], 100)
        self.assertEqual([failure["id"] for failure in summary["failures"]], ["sources.damaged_input"])
        self.assertIn("a.gz", summary["failures"][0]["message"])
        self.assertEqual(self.status()["activities"], summary["stored"])

    def test_a_small_truncated_gzip_delivers_what_came_before(self):
        whole = gzip.compress("".join(json.dumps(record(n)) + "\n" for n in range(5)).encode())
        self.assertEqual(self.ingest(self.write("a.gz", whole[:-4]), code=1)["stored"], 5)

    def test_a_summary_that_cannot_be_written_is_a_failure(self):
        path = self.write_lines("a.jsonl", [record(1)])
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(CANDOR), "ingest", "--json", str(path), "--data", str(self.data)], stdout=full,
                                  stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("app.cannot_write", done.stderr.decode())

    def test_what_is_no_log_is_a_failure_only_when_a_person_named_it(self):
        self.write_lines("logs/1.jsonl", [record(1)])
        notes = self.write("logs/notes.txt", "nothing to see\n")
        summary = self.ingest(self.folder / "logs")
        self.assertEqual((summary["stored"], len(summary["failures"])), (1, 1))
        self.assertIn("notes.txt", summary["failures"][0]["message"])
        self.ingest(self.folder / "logs", notes, code=1)
        notes.unlink()
        other = self.write("other.txt", "nothing to see\n")
        # As many names as files.
        self.ingest(self.folder / "logs" / "1.jsonl", other, code=1)
        self.write("logs/more.txt", "nothing to see\n")
        self.ingest(self.folder / "logs", self.folder / "logs", code=0)

    def test_a_lost_master_key_is_not_replaced(self):
        path = self.write_lines("a.jsonl", [record(1)])
        self.ingest(path)
        (self.data / "keys" / "master.key").unlink()
        done = self.candor("ingest", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("base.key_missing", done.stderr.decode())

    def test_one_broken_first_line_costs_one_line(self):
        text = "{\"Id\": \"cut off\n" + "".join(json.dumps(record(n)) + "\n" for n in range(20))
        summary = self.ingest(self.write("a.jsonl", text), code=2)
        self.assertEqual((summary["stored"], summary["rejected"]), (20, {"invalid_json": 1}))

    def test_long_names_from_records_are_cut(self):
        summary = self.ingest(self.write_lines("a.jsonl", [record(1, Operation="x" * 5000)]))
        self.assertEqual(summary["unknown_operations"], {"x" * 200: 1})


class Again(CommandTest):
    """Files that are exported again under their old name, grow, or are caught while they are written."""

    def test_a_changed_file_gives_what_was_added_anywhere(self):
        rows = [record(n) for n in range(100)]
        self.assertEqual(self.ingest(self.write_lines("a.jsonl", rows))["stored"], 100)
        rows.insert(50, record(500))
        rows.append(record(501))
        summary = self.ingest(self.write_lines("a.jsonl", rows))
        self.assertEqual((summary["rows_read"], summary["stored"], summary["repeats"]), (102, 2, 100))

    def test_a_grown_array_and_a_half_written_line(self):
        rows = [record(n) for n in range(5)]
        self.ingest(self.write("a.json", json.dumps(rows[:3])))
        self.assertEqual(self.ingest(self.write("a.json", json.dumps(rows)))["stored"], 2)
        lines = "".join(json.dumps(record(10 + n)) + "\n" for n in range(5))
        self.ingest(self.write("b.jsonl", lines[:-30]), code=2)
        summary = self.ingest(self.write("b.jsonl", lines))
        self.assertEqual((summary["stored"], summary["repeats"], summary["rejected"]), (1, 4, {}))

    def test_a_data_folder_that_is_a_file_is_refused(self):
        self.write("data", "not a folder")
        done = self.candor("ingest", self.write_lines("a.jsonl", [record(1)]))
        self.assertEqual(done.returncode, 1)
        self.assertIn("--data", done.stderr.decode())


class Normalise(CommandTest):
    def test_a_foreign_file_in_a_folder_is_named_and_the_rest_printed(self):
        self.write("logs/a.txt", "a letter, no log\n")
        self.write("logs/b.json", json.dumps(record(1)))
        done = self.candor("normalise", self.folder / "logs", data=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(done.stdout.splitlines()), 1)
        self.assertIn(b"a.txt", done.stderr)
        self.assertIn(b"[sources.unknown_format]", done.stderr)
        named = self.candor("normalise", self.folder / "logs/a.txt", self.folder / "logs/b.json", data=False)
        self.assertEqual(named.returncode, 1)
        self.assertEqual(len(named.stdout.splitlines()), 1)


class RealExport(CommandTest):
    """Check values of the issue for the shared export."""

    def test_counts(self):
        path = self.shared("invictus-o365/auditrecords-before-2021-06.csv.zst")
        summary = self.ingest(path, code=2)
        self.assertEqual(summary["rows_read"], 4769)
        self.assertEqual(summary["records_read"], 4766)
        self.assertEqual(summary["rejected"], {"empty_record": 3})
        self.assertEqual(summary["stored"], 3114)
        again = self.ingest(path, code=2)
        self.assertEqual(again["stored"], 0)

    def test_normalise_prints_each_distinct_record_once(self):
        path = self.shared("invictus-o365/auditrecords-before-2021-06.csv.zst")
        done = self.candor("normalise", path, data=False)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 3114)
        for line in lines:
            activity = json.loads(line)
            self.assertRegex(activity["@timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
            self.assertIsInstance(activity["event"]["category"], list)


if __name__ == "__main__":
    unittest.main()
