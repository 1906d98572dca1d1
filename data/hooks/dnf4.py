# SPDX-License-Identifier: GPL-2.0-or-later
"""Suture and dnf 4: hands transactions to suture, which does the thinking.

Before a transaction it says what the updates will take, after it the flags are set as the machine
needs them.  "dnf suture-pending" prints updates that wait, with their advisories, as JSON.
"""

import json
import os
import subprocess

import dnf
import dnf.cli
import hawkey

SUTURE = "@SUTURE@"


def _evr(package):
    return package.evr if package is not None else None


def _row(new, old):
    row = {
        "package": (new or old).name,
        "arch": (new or old).arch,
        "from": _evr(old),
        "to": _evr(new),
        "cves": [],
        "reboot": False,
    }
    if new is not None and old is not None:
        for advisory in new.get_advisories(hawkey.GT):
            row["cves"] += [r.id for r in advisory.references if r.type == hawkey.REFERENCE_CVE]
            for part in advisory.packages:
                if part.name == new.name and part.evr == new.evr:
                    row["reboot"] = row["reboot"] or bool(getattr(part, "reboot_suggested", False))
    row["cves"] = sorted(set(row["cves"]))
    return row


def _dump(rows):
    return json.dumps({"suture": 1, "updates": rows})


def _call(arguments, text=None):
    """Never stops dnf, whatever happens."""
    if not os.access(SUTURE, os.X_OK):
        return ""
    try:
        done = subprocess.run([SUTURE, *arguments], input=text, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=120, check=False,
                              universal_newlines=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


class Suture(dnf.Plugin):
    """Hooks of a transaction."""

    name = "suture"

    def __init__(self, base, cli):
        super().__init__(base, cli)
        if cli is not None:
            cli.register_command(PendingCommand)

    def _rows(self):
        old, new = {}, {}
        for item in self.base.transaction:
            into = new if item.action in dnf.transaction.FORWARD_ACTIONS else old
            into[(item.name, item.arch)] = item.pkg
        return [_row(new.get(key), old.get(key)) for key in sorted(set(old) | set(new))]

    def pre_transaction(self):
        text = _call(["advise", "--transaction"], _dump(self._rows()))
        if text:
            print("Suture:\n" + text)

    def transaction(self):
        _call(["advise", "--now", "--flag", "--quiet"])


class PendingCommand(dnf.cli.Command):
    """Updates that wait, for suture."""

    aliases = ("suture-pending",)
    summary = "print the updates that wait as JSON, for suture advise"

    def configure(self):
        demands = self.cli.demands
        demands.available_repos = True
        demands.sack_activation = True

    def run(self):
        installed = {}
        for package in self.base.sack.query().installed():
            installed[(package.name, package.arch)] = package
        rows = [_row(package, installed.get((package.name, package.arch)))
                for package in self.base.sack.query().upgrades().latest()]
        print(_dump(rows))
