"""The JSON schemas that editors use: each is a schema, and the shipped content keeps to it."""
import json
import pathlib
import re
import unittest

import jsonschema
import yaml

CONTENT = pathlib.Path(__file__).resolve().parents[2] / "content"
# Which files a schema is about. A schema without a row here fails the first test.
FILES = {
    "detection_groups": ["detection_groups.yml"],
    "exclusions": ["exclusions.yml"],
    "indicator": ["indicators/*/*.yml"],
    "insider_techniques": ["insider_techniques.yml"],
    "intake": ["intake.yml"],
    "notice": ["notices/*.yml"],
    "notifications": ["notifications/*.yml"],
    "organisation": ["organisation.yml"],
    "pack": ["packs/*.yml"],
    "policy": ["policies/**/*.yml"],
    "protected": ["protected.yml"],
    "risk_levels": ["risk_levels.yml"],
    "sequences": ["sequences/*.yml"],
    "settings": ["settings.yml"],
    "sigma_mapping": ["mappings/sigma/*.yml"],
    "units": ["units.yml"],
    "variant": ["variants/*.yml"],
}


class Core(yaml.SafeLoader):
    """YAML 1.2 as Candor reads it: `off` and `2026-01-01` are texts."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
]:
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def validator(name):
    return jsonschema.Draft202012Validator(json.loads((CONTENT / "schemas" / f"{name}.schema.json").read_text()))


def faults(name, text):
    return [f"{'/'.join(map(str, fault.path))}: {fault.message[:200]}"
            for document in yaml.load_all(text, Core) for fault in validator(name).iter_errors(document)]


class SchemasTest(unittest.TestCase):
    def test_every_schema_is_one_and_has_files(self):
        names = {path.name.removesuffix(".schema.json") for path in (CONTENT / "schemas").glob("*.json")}
        self.assertEqual(names, set(FILES))
        for name in names:
            jsonschema.Draft202012Validator.check_schema(validator(name).schema)

    def test_the_shipped_content_keeps_to_them(self):
        for name, patterns in FILES.items():
            paths = [path for pattern in patterns for path in CONTENT.glob(pattern)
                     if ".examples." not in path.name and path.parent.name != "public"]
            self.assertTrue(paths, name)
            for path in paths:
                with self.subTest(file=str(path.relative_to(CONTENT))):
                    self.assertEqual(faults(name, path.read_text()), [])

    def test_a_misspelt_key_is_a_fault(self):
        for name, text in [("policy", "id: x\nname: X\ntriger: []\n"),
                           ("sigma_mapping", "name: x\ndescription: X\nproducts: [x]\nfield: {}\n"),
                           ("insider_techniques", "source: x\nlicence: x\ntechniques: [{id: T1, name: X, frequency: often}]\n")]:
            with self.subTest(name):
                self.assertNotEqual(faults(name, text), [])


if __name__ == "__main__":
    unittest.main()
