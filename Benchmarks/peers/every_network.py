"""Runs every command that takes a model on every model file of a folder, and prints a table of what works.

    python3 every_network.py MOTIFKIT MODELS [--checks FOLDER] [--markdown]

MOTIFKIT is the program. MODELS holds files of Keras, PyTorch, ONNX and DeepBind in any folders below it; NAME.json or
NAME.arch.json beside a file of weights is its architecture, NAME.npz beside it the inputs and outputs for --check, as is a file
of that name in --checks. A cell is `ok`, or the program's one line that says why not. Status 1 if a command ends by a signal,
without a message, or with more than one line. Needs nothing but Python.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("program")
parser.add_argument("models", type=pathlib.Path)
parser.add_argument("--checks", type=pathlib.Path)
parser.add_argument("--markdown", action="store_true")
options = parser.parse_args()

METHODS = ["gradient", "input-x-gradient", "integrated-gradients", "deepshap", "mutagenesis", "grad-cam"]
COMMANDS = ["import", "filters", *METHODS, "redundancy", "prune", "audit"]
# What runs, not how exactly.
COARSE = {"integrated-gradients": ["--steps", 4], "deepshap": ["--references", 2]}
ENDINGS = {".h5", ".hdf5", ".keras", ".pth", ".pt", ".ckpt", ".onnx", ".txt"}
# What the files do not say themselves.
HINTS = {"explainn": ["--recipe", "explainn"], "kipoi-pyt": ["--channels-last"], "Intron3": ["--length", "100"]}


def hints(path):
    found = [option for key, values in HINTS.items() if key in str(path) for option in values]
    stem = path.name.removesuffix(path.suffix)
    places = [path.with_name(stem + ".json"), path.with_name(stem.removesuffix(".weights") + ".json"),
              path.with_name(stem.removesuffix(".weights") + ".arch.json"), path.with_name(stem.replace("weights", "arch") + ".json")]
    for place in places:
        if place.exists() and (path.name.endswith((".weights.h5", ".hdf5"))):
            return found + ["--architecture", str(place)]
    return found


def check(path):
    stem = path.name.removesuffix(path.suffix).removesuffix(".weights")
    names = [stem, stem + "_onnx", stem.lower(), path.parent.name, path.parent.name.split("-")[0]]
    for folder in filter(None, [path.parent, options.checks]):
        for name in names:
            if (folder / f"{name}.npz").exists():
                return ["--check", str(folder / f"{name}.npz")]
    return []


failures = []


def run(*arguments, accepted=(0,)):
    """The program's text if it ends well, and whether; else its message."""
    done = subprocess.run([options.program, *map(str, arguments), "--quiet"], capture_output=True, text=True)
    if done.returncode in accepted:
        return True, done.stdout
    lines = [line for line in done.stderr.splitlines() if line and not line.startswith(("Usage:", "  See"))]
    if done.returncode < 0 or len(lines) != 1:
        failures.append(f"{arguments}: status {done.returncode}, {len(lines)} lines")
    return False, lines[0].split(": ", 1)[-1].split("model.safetensors: ")[-1] if lines else f"status {done.returncode}"


def sequences(folder, length, columns):
    """Labels of yes and no, targets for each output, and the sequences alone."""
    rng = random.Random(10)
    table, targets, fasta = folder / "labelled.tsv", folder / "targets.tsv", folder / "sequences.fa"
    rows = ["".join(rng.choices("ACGT", k=length)) for _ in range(64)]
    table.write_text("seq\tlabel\n" + "".join(f"{row}\t{i % 2}\n" for i, row in enumerate(rows)))
    lines = ["\t".join([row, *(str((i + j) % max(2, len(columns)) == 0)[0].replace("T", "1").replace("F", "0") for j in range(len(columns)))])
             for i, row in enumerate(rows)]
    targets.write_text("\t".join(["seq", *columns]) + "\n" + "\n".join(lines) + "\n")
    fasta.write_text("".join(f">s{i}\n{row}\n" for i, row in enumerate(rows[:16])))
    return table, targets, fasta


def metadata(model):
    """The length of the input and the columns of the targets, from the header of the safetensors file."""
    data = model.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])["__metadata__"]
    return json.loads(header["architecture"])["input"]["length"], json.loads(header.get("objective", "{}")).get("columns", [])


def row(path, folder):
    cells = {}
    model = folder / "model.safetensors"
    ok, text = run("import", path, "--out", model, "--format", "json", *hints(path), *check(path))
    if not ok:
        return {"import": text}
    found = json.loads(text)
    difference, relative = found.get("difference"), found.get("relative")
    cells["import"] = "ok" if difference is None else f"{difference:.1g}"
    if difference is not None and relative < difference:
        cells["import"] += f", {relative:.1g} of the largest"
    if difference is not None and relative > 1e-5:
        failures.append(f"{path}: {relative} from its outputs")
    length, columns = metadata(model)
    table, targets, fasta = sequences(folder, length, columns)

    def cell(name, *arguments, accepted=(0,)):
        ok, text = run(*arguments, accepted=accepted)
        cells[name] = "ok" if ok else text

    cell("filters", "filters", model, fasta, "--out", folder / "filters")
    for method in METHODS:
        cell(method, "explain", model, fasta, "--method", method, "--limit", 2, *COARSE.get(method, []), "--out", folder / "explained.npz")
    cell("redundancy", "redundancy", model, fasta, "--out", folder / "redundancy")
    cell("prune", "prune", model, targets if columns else table, "--out", folder / "small.safetensors", "--epochs", 1)
    # A check that says no is an answer.
    target = ["--target", columns[0]] if columns else []
    cell("audit", "audit", model, table, *target, "--out", folder / "audit", accepted=(0, 1))
    return cells


notes = []


def shown(text):
    if text is None or text == "ok" or text[:1].isdigit():
        return text or ""
    if text not in notes:
        notes.append(text)
    return f"[{notes.index(text) + 1}]"


files = sorted(p for p in options.models.rglob("*") if p.suffix in ENDINGS and "grads" not in p.name and "expected" not in p.name)
mark = " | " if options.markdown else "\t"
edge = "|" if options.markdown else ""
print(edge + mark.join(["file", *COMMANDS]) + edge)
if options.markdown:
    print("|" + " --- |" * (1 + len(COMMANDS)))
for path in files:
    with tempfile.TemporaryDirectory() as folder:
        cells = row(path, pathlib.Path(folder))
    print(edge + mark.join([str(path.relative_to(options.models)), *(shown(cells.get(name)) for name in COMMANDS)]) + edge, flush=True)
for number, note in enumerate(notes):
    print(f"{number + 1}. {note.replace(str(options.models) + '/', '')}")
for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(bool(failures))
