"""bigWig files and what pyBigWig reads from them.

    pip install pyBigWig==0.3.29 numpy
    python bigwig.py

signal.bw    bedGraph, variable and fixed steps, with gaps, in many blocks
signal.tsv   chromosome, start, end, sum, mean, max, log1p of the sum, first and last value (missing = 0)
"""
import os, random
import numpy, pyBigWig

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = random.Random(5)
f = pyBigWig.open("signal.bw", "w")
lengths = {"chr1": 3000, "chr2": 1801, "chrM": 240}
f.addHeader(list(lengths.items()))
starts = sorted(rng.sample(range(0, 1400, 3), 90))
f.addEntries(["chr1"] * 90, starts, ends=[s + rng.randint(1, 3) for s in starts], values=[rng.randrange(64) / 8 for _ in starts])
f.addEntries("chr1", list(range(1500, 1700, 7)), values=[rng.randrange(64) / 8 - 2 for _ in range(1500, 1700, 7)], span=4)
f.addEntries("chr1", 1800, values=[rng.randrange(999) / 16 for _ in range(1000)], span=1, step=1)
f.addEntries("chr2", 100, values=[rng.randrange(99) / 4 for _ in range(150)], span=3, step=10)
f.close()

f = pyBigWig.open("signal.bw")
with open("signal.tsv", "w") as out:
    for _ in range(120):
        name = rng.choice(list(lengths)[:2])
        start = rng.randrange(lengths[name] - 1)
        end = min(lengths[name], start + 1 + rng.randrange(300))
        v = numpy.nan_to_num(f.values(name, start, end, numpy=True)).astype(numpy.float64)
        numbers = [v.sum(), v.mean(), v.max(), numpy.log1p(max(v.sum(), -1 + 1e-12)), v[0], v[-1]]
        out.write("\t".join([name, str(start), str(end)] + [repr(float(x)) for x in numbers]) + "\n")
