"""Examples of indicators are read by the facts their own file states, and a rule that guesses without them is named."""
import json
import shutil
import unittest

from harness import ROOT, CommandTest, record

RULE = """title: Copy to a medium nobody owns
id: 5a0f0a55-35c6-4d0e-9c61-0f6f5d0b7d01
status: experimental
description: The person copied a file to a removable medium that is not one of the organisation's.
tags: [attack.t1052.001]
logsource: {{product: m365}}
detection:
  selection: {{event.action: FileCopiedToRemovableMedia}}
  medium: {{candor.removable_media.owned: {owned}}}
  condition: {condition}
falsepositives: [A medium that was just bought]
level: medium
candor:
  name: foreign_medium
  category: exfiltration
  workload: device
  intrusion: 1
  needs: [removable_media]
  exfiltration_trigger: true
  feeds:
    - {{source: m365_audit, record_types: [63], setting: Devices onboarded, licence: e5}}
  thresholds:
    all: {{low: 1, medium: 2, high: 3, reason: each counts}}
"""


def copy(serial):
    return record(1, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint",
                  RemovableMediaDeviceAttributes={"SerialNumber": serial})


class ContentCheck(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)

    def check(self, facts, owned="false", condition="selection and medium"):
        """The faults of a content folder with one rule more, as (line, id); their file is that rule's examples."""
        folder = self.content / "indicators" / "device"
        (folder / "foreign_medium.yml").write_text(RULE.format(owned=owned, condition=condition))
        examples = folder / "foreign_medium.examples.yml"
        rows = [f"{key}:\n  - about: A medium\n    record: '{json.dumps(copy(serial))}'\n"
                for key, serial in (("matches", "BB-22"), ("does_not_match", "AA-11"))]
        examples.write_text("indicator: foreign_medium\n" + facts + "".join(rows))
        done = self.candor("content", "check", "--json", "--content", self.content, data=False)
        faults = json.loads(done.stdout)["diagnostics"]
        self.assertLessEqual({fault["file"] for fault in faults}, {str(examples)}, faults)
        return [(fault["line"], fault["id"]) for fault in faults]

    def test_examples_are_read_by_the_facts_their_file_states(self):
        self.assertEqual(self.check("facts:\n  removable_media: [AA-11]\n"), [])
        self.assertEqual(self.check(""), [(3, "content.wrong_example")])
        # What the organisation itself says changes no example.
        (self.content / "organisation.yml").write_text("own_domains: [elsewhere.example]\nremovable_media: [BB-22]\n")
        self.assertEqual(self.check("facts:\n  removable_media: [AA-11]\n"), [])

    def test_a_fault_in_the_facts_is_named_with_its_place(self):
        self.assertEqual(self.check("facts:\n  removable_medium: [AA-11]\n"), [(3, "organisation.unknown_section")])
        self.assertEqual(self.check("facts: [AA-11]\n"), [(2, "organisation.bad_file")])

    def test_a_rule_that_takes_a_missing_fact_for_an_answer_guesses(self):
        self.assertEqual(self.check("facts:\n  removable_media: [AA-11]\n", "true", "selection and not medium"),
                         [(8, "content.guesses")])


if __name__ == "__main__":
    unittest.main()
