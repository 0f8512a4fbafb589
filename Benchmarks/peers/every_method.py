"""Runs every method of `motifkit explain` on every preset, and prints a table of what works.

    python3 every_method.py MOTIFKIT [PRESET…]

MOTIFKIT is the program. Each preset is trained for one epoch on eight random sequences, and one sequence is explained, coarsely: exact integrated
gradients, whose time grows with the kinks on the way, start from a sequence that differs in one base. A cell is `ok`, or the number of a message
below, or `> 60 s` where it was stopped after a minute. Status 1 if one ends otherwise than by working or with status 2 and one line, having
written nothing. Needs nothing but Python; takes a quarter of an hour.
"""
import pathlib
import random
import subprocess
import sys
import tempfile

program, wanted = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2:]
# Length, columns of targets, loss.
PRESETS = {
    **{name: (100, 1, "binary") for name in ("v1", "v2", "v3", "v4", "v5", "zeng2016", "deepbind")}, "deeperbind": (35, 1, "binary"),
    "basset": (200, 2, "binary"), "deepstarr": (120, 2, "mse"), "explainn": (100, 2, "binary"), "deepsea": (200, 2, "binary"),
    "danq": (100, 2, "binary"), "bpnet": (100, 100, "multinomial"), "chrombpnet": (1124, 10, "multinomial")}
METHODS = {
    "gradient": [], "input-x-gradient": [], "integrated-gradients": ["--steps", 3], "deepshap": ["--references", 2],
    "deepshap, reveal-cancel": ["--references", 1, "--rule", "reveal-cancel"], "expected-gradients": ["--references", 2], "mutagenesis": [],
    "smoothgrad": ["--samples", 2], "guided-backpropagation": [], "exact-integrated-gradients": ["--references", "near.fa"], "occlusion": [], "masking": [], "deletion": [],
    "insertion": [], "grad-cam": [], "hires-cam": [], "grad-cam++": [], "layer-cam": [], "cam": [], "score-cam": [], "ablation-cam": []}
SECONDS = 60
notes, failures = [], []


def run(folder, *arguments):
    try:
        return subprocess.run(
            [program, *map(str, arguments), "--quiet"], cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None


def write(folder, length, columns):
    letters = random.Random(5)
    rows = ["".join(letters.choices("ACGT", k=length)) for _ in range(8)]
    names = [f"y.{i}" for i in range(columns)]
    lines = ["\t".join([row, *(str((i + j) % 2) for j in range(columns))]) for i, row in enumerate(rows)]
    (folder / "train.tsv").write_text("\t".join(["seq", *names]) + "\n" + "\n".join(lines) + "\n")
    sequence, middle = rows[0], length // 2
    other = "ACGT"["ACGT".index(sequence[middle]) - 1]
    (folder / "one.fa").write_text(f">sequence\n{sequence}\n")
    (folder / "near.fa").write_text(f">near\n{sequence[:middle]}{other}{sequence[middle + 1:]}\n")


def cell(name, method, options, folder):
    out = folder / "out.npz"
    out.unlink(missing_ok=True)
    done = run(folder, "explain", "model.safetensors", "one.fa", "--method", method.split(",")[0], "--out", "out.npz", *options)
    if done is None:
        return f"> {SECONDS} s"
    lines = done.stderr.strip().splitlines()
    if done.returncode == 0 and out.exists():
        return "ok"
    if done.returncode != 2 or len(lines) != 1 or out.exists():
        failures.append(f"{name}, {method}: status {done.returncode}, {len(lines)} lines: {' '.join(lines[:1])}")
        return "failed"
    text = lines[0].removeprefix("motifkit: ")
    if text not in notes:
        notes.append(text)
    return f"[{notes.index(text) + 1}]"


print("| method | " + " | ".join(name for name in PRESETS if not wanted or name in wanted) + " |")
table = {method: [] for method in METHODS}
with tempfile.TemporaryDirectory() as temporary:
    folder = pathlib.Path(temporary)
    for name, (length, columns, loss) in PRESETS.items():
        if wanted and name not in wanted:
            continue
        write(folder, length, columns)
        done = run(folder, "train", "--network", name, "--train", "train.tsv", "--labels", "y.*", "--loss", loss, "--epochs", 1,
                   "--batch-size", 4, "--out", "model.safetensors")
        if done is None or done.returncode:
            sys.exit(f"{name}: {done.stderr if done else f'training takes over {SECONDS} s'}")
        for method, options in METHODS.items():
            table[method].append(cell(name, method, options, folder))
print("| --- " * (1 + len(next(iter(table.values())))) + "|")
for method, cells in table.items():
    print("| " + " | ".join([method, *cells]) + " |")
for number, note in enumerate(notes):
    print(f"{number + 1}. {note}")
for failure in failures:
    print(failure, file=sys.stderr)
sys.exit(bool(failures))
