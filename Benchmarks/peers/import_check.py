"""Imports files of other programs with `--check` and keeps count of what is not as it should be; for the scripts that build networks.

Needs numpy.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np


class ImportCheck:
    """PROGRAM and the names wanted come from the command line, files go into a temporary folder. `refusals` has, for names of networks
    that cannot be represented, the reason and the files in which they cannot, all if there are none."""

    def __init__(self, seed=1, refusals={}):
        self.refusals = refusals
        self.program, self.wanted = sys.argv[1], sys.argv[2:]
        self.rng = np.random.default_rng(seed)
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.failures = []

    def sequences(self, length, count=5):
        return np.eye(4, dtype="f4")[self.rng.integers(0, 4, (count, length))]

    def report(self, name, file, x, outputs, *options):
        """Prints the largest difference, or the message of a refusal. For networks called `refused …` or among the refusals a message in
        one line is right, for others a difference of up to 1e-5 (relative to the largest output, where that is above 1)."""
        outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
        check, out = self.folder / "check.npz", self.folder / "out.safetensors"
        np.savez(check, x=x, **{f"y{i}": np.asarray(y) for i, y in enumerate(outputs)})
        done = subprocess.run(
            [self.program, "import", str(file), "--check", str(check), "--out", str(out), "--format", "json", "--quiet",
             *map(str, options)], capture_output=True, text=True)
        found = json.loads(done.stdout) if done.stdout else {}
        text = f"{found['difference']:.1g}" if found else done.stderr.strip().replace(str(self.folder) + "/", "")
        if done.returncode < 0:
            text = f"ended by signal {-done.returncode} {text}"
        _, *files = self.refusals.get(name, ("", None))
        if name.startswith("refused") or not files or file.name in files:
            good = done.returncode == 2 and text != "" and done.stderr.count("\n") <= 1
        else:
            good = done.returncode == 0 and found["relative"] <= 1e-5
        print(f"{name:34} {file.name:22} {text}", flush=True)
        if not good:
            self.failures.append(f"{name} {file.name}: {text}")

    def finish(self):
        print("\n" + "\n".join(["wrong:", *self.failures] if self.failures else ["all as expected"]))
        sys.exit(bool(self.failures))
