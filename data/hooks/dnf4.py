# SPDX-License-Identifier: GPL-2.0-or-later
"""Suture and dnf 4: hands transactions to suture, which does the thinking.

Before a transaction it says what the updates will take, after it the flags are set as the machine
needs them.  "dnf suture-pending" prints updates that wait, with their advisories, as JSON.
"""

import bz2
import gzip
import json
import lzma
import os
import subprocess
import xml.etree.ElementTree

import dnf
import dnf.cli
import hawkey

SUTURE = "@SUTURE@"


OPENERS = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open, ".xml": open}


def _evr(package):
    return package.evr if package is not None else None


def _release(package):
    """What uname -r says if it is a kernel."""
    return "%s-%s.%s" % (package.version, package.release, package.arch)


def _reboots(base):
    """Packages whose advisories ask for a reboot: hawkey does not tell before libdnf 0.73."""
    found = set()
    for repo in base.repos.iter_enabled():
        path = repo.get_metadata_path("updateinfo")
        opener = OPENERS.get(os.path.splitext(path or "")[1])
        if opener is None:
            continue
        try:
            with opener(path, "rb") as file:
                for _, part in xml.etree.ElementTree.iterparse(file):
                    if part.tag == "package" and part.findtext("reboot_suggested") is not None:
                        evr = "%s:%s-%s" % (part.get("epoch") or "0", part.get("version"),
                                            part.get("release"))
                        found.add((part.get("name"), evr))
        except (OSError, EOFError, xml.etree.ElementTree.ParseError):
            continue
    return found


class _Rows:
    """What suture gets to know of a package: its versions, and what advisories say of the new."""

    def __init__(self, base):
        self.base = base
        self.reboots = _reboots(base)

    def _covers(self, package, name, evr):
        return package.name == name and self.base.sack.evr_cmp(package.evr, evr) >= 0

    def row(self, new, old):
        row = {"package": (new or old).name, "arch": (new or old).arch, "from": _evr(old),
               "to": _evr(new), "cves": [], "reboot": False}
        if new is None or old is None:
            return row
        cves = set()
        for advisory in old.get_advisories(hawkey.GT):
            # Advisories of versions that the update skips count as well.
            if any(self._covers(new, part.name, part.evr) for part in advisory.packages):
                cves |= {ref.id for ref in advisory.references
                         if ref.type == hawkey.REFERENCE_CVE}
        row["cves"] = sorted(cves)
        row["reboot"] = any(self._covers(new, name, evr) and not self._covers(old, name, evr)
                            for name, evr in self.reboots)
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


def _start_auto():
    """Starts suture auto if the administrator has enabled its timer; it runs apart from dnf."""
    if not os.path.isdir("/run/systemd/system"):
        return
    try:
        if subprocess.run(["systemctl", "-q", "is-enabled", "suture-auto.timer"],
                          stderr=subprocess.DEVNULL, timeout=30, check=False).returncode == 0:
            subprocess.run(["systemctl", "-q", "--no-block", "start", "suture-auto.service"],
                           stderr=subprocess.DEVNULL, timeout=30, check=False)
    except (OSError, subprocess.SubprocessError):
        pass


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
        rows = _Rows(self.base)
        return [rows.row(new.get(key), old.get(key)) for key in sorted(set(old) | set(new))]

    def pre_transaction(self):
        text = _call(["advise", "--transaction"], _dump(self._rows()))
        if text:
            print("Suture:\n" + text)

    def transaction(self):
        _call(["advise", "--now", "--flag", "--quiet"])
        _start_auto()


class PendingCommand(dnf.cli.Command):
    """Updates that wait, for suture."""

    aliases = ("suture-pending",)
    summary = "print the updates that wait as JSON, for suture advise"

    def configure(self):
        demands = self.cli.demands
        demands.available_repos = True
        demands.sack_activation = True

    def _installed(self):
        """Of several kernels the one that runs, else the newest."""
        running = os.uname().release
        found = {}
        for package in self.base.sack.query().installed():
            key = (package.name, package.arch)
            known = found.get(key)
            if (known is None or _release(package) == running
                    or (_release(known) != running and package.evr_gt(known))):
                found[key] = package
        return found

    def run(self):
        installed = self._installed()
        rows = _Rows(self.base)
        print(_dump([rows.row(package, installed.get((package.name, package.arch)))
                     for package in self.base.sack.query().upgrades().latest()]))
