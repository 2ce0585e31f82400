"""tools/check_sql finds what only one of SQLite and PostgreSQL understands, and nothing else."""
import pathlib
import subprocess
import tempfile
import unittest

from harness import ROOT

ONE_ONLY = [
    "insert or ignore into people (person_id) values (?1)", "insert or replace into t (a) values (?1)",
    "select rowid from people", "select last_insert_rowid() from t where a = 1", "select x'00ff' from t where a = ?1",
    "select json_extract(a, '$.b') from t where a = ?1", "select a -> 'b' from t where a = ?1",
    "select 1 from t where a glob 'b*'", "select 1 from t where a like ?1", "select 1 from t where a is ?1",
    "select 1 from t where a == ?1", "select ifnull(a, 0) from t where a = ?1", "select max(a, ?1) from t where a = 1",
    "select max(coalesce(a, 1), 2) from t where a = 1", "select group_concat(a) from t where a = ?1",
    "select strftime('%s', a) from t where a = ?1", "select current_timestamp, a from t where a = ?1",
    "select a from t order by a limit -1", "pragma x = 1", "select a from t order by a collate nocase",
    'select 1 from t where a = \\"text\\"', "select 1 from t where a = ?", "select 1 from t where a = $1",
    "select a::text from t where a = ?1", "select distinct on (a) b from t where a = ?1", " and a = true",
    "select cast(a as integer) from t where a = ?1", "select instr(a, ?1) from t", "select a from t where a = ?1 for update",
]
BOTH = [
    "insert into t (a) values (?1) on conflict (a) do update set b = excluded.b", "select max(a), min(b) from t where c = ?1",
    "select coalesce(max(a), 0) + 1 from t where a = ?1", "select count(distinct a) from t where b = '?' and c like_it = ?1",
    "select cast(a as bigint) from t where b = 'now() -> rowid'", " order by a desc limit ?2 offset ?3",
    "select replace(lower(a), ?1, '') from t", "with a as (select 1 from t where b = ?1) select 1 from a",
    "from the glob of a sentence like this one",
]


class CheckSql(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="candor-check-sql-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "src" / "store" / "migrations").mkdir(parents=True)

    def check(self, name, text):
        path = self.root / "src" / name
        path.write_text(text)
        done = subprocess.run([ROOT / "tools" / "check_sql", self.root], capture_output=True, text=True, check=False)
        path.unlink()
        return done.returncode, done.stdout

    def test_each_construct(self):
        for sql in ONE_ONLY:
            code, out = self.check("a.cc", f'// select like this\nauto x = run("{sql}",\n  1);\n')
            self.assertEqual(code, 1, sql)
            self.assertIn("src/a.cc:2: `", out)
            self.assertIn("write ", out)

    def test_in_two_pieces(self):
        code, out = self.check("a.cc", 'run("select a from t where a = ?1 "\n    "and b like ?2", {});\n')
        self.assertEqual(code, 1, out)

    def test_what_both_know(self):
        for sql in BOTH:
            self.assertEqual(self.check("a.cc", f'run("{sql}");\n')[0], 0, sql)
            self.assertEqual(self.check("a.cc", f'//  run("{ONE_ONLY[0]}");\n')[0], 0)

    def test_types_of_columns(self):
        for column in ("a integer not null", "b INT", "c blob", "d real", "e varchar(3)", "f boolean not null"):
            code, out = self.check("store/migrations/0001_a.sql", f"-- a: text.\ncreate table a (\n  {column}\n);\n")
            self.assertEqual(code, 1, column)
            self.assertIn("0001_a.sql:3", out)
        plain = "-- a: an integer.\ncreate table a (\n  text TEXT not null,  -- a blob\n  b bytea,\n  primary key (b)\n);\n"
        self.assertEqual(self.check("store/migrations/0001_a.sql", plain)[0], 0)
        added = "-- a\nalter table a add column c INTEGER;\n"
        self.assertEqual(self.check("store/migrations/0001_a.sql", added)[0], 1)

    def test_the_product_itself(self):
        done = subprocess.run([ROOT / "tools" / "check_sql"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
