"""A small genome and what other programs read from it.

    pip install tangermeme==1.6.0 py2bit     # with bedtools 2.30, samtools and bgzip (htslib 1.16) on the PATH
    python genome.py

Writes the genome as FASTA (lines of 60), bgzip and 2bit, peaks with summits, and:
getfasta.tsv   what bedtools getfasta says of stretches (name, letters)
windows.tsv    which windows tangermeme's extract_loci takes (settings, positions, letters)
matching.tsv   which tiles tangermeme's extract_matching_loci takes: GC bin and how many
"""
import os, random, struct, subprocess
import numpy, py2bit, tangermeme.io, tangermeme.match

here = os.path.dirname(os.path.abspath(__file__))
os.chdir(here)
rng = random.Random(11)


def bases(count, gc):
    return [rng.choices("ACGT", [1 - gc, gc, gc, 1 - gc])[0] for _ in range(count)]


genome = {"chr1": bases(3000, 0.5), "chr2": bases(1801, 0.35), "chrM": bases(240, 0.6)}
for chromosome, start, end in [("chr1", 0, 37), ("chr1", 900, 961), ("chr2", 1700, 1801)]:
    genome[chromosome][start:end] = "N" * (end - start)
for chromosome, start, end in [("chr1", 30, 75), ("chr1", 1500, 1777), ("chr2", 0, 5), ("chrM", 100, 240)]:
    genome[chromosome][start:end] = [x.lower() for x in genome[chromosome][start:end]]
genome = {name: "".join(letters) for name, letters in genome.items()}

with open("genome.fa", "w") as f:
    for name, letters in genome.items():
        f.write(f">{name} made for tests\n")
        f.writelines(letters[i:i + 60] + "\n" for i in range(0, len(letters), 60))
# Several blocks, as only larger files have.
text = open("genome.fa", "rb").read()
with open("genome.fa.gz", "wb") as f:
    for i in range(0, len(text), 700):
        f.write(subprocess.run(["bgzip", "-c"], input=text[i:i + 700], capture_output=True, check=True).stdout)
subprocess.run("bgzip -r genome.fa.gz && samtools faidx genome.fa && samtools faidx genome.fa.gz", shell=True, check=True)


def stretches(letters, inside):
    found, start = [], None
    for i, letter in enumerate(letters + "\0"):
        if inside(letter) and start is None:
            start = i
        elif not inside(letter) and start is not None:
            found.append((start, i - start))
            start = None
    return found


def record(letters, order):
    lists = [stretches(letters, lambda x: x in "Nn"), stretches(letters, str.islower)]
    out = struct.pack(order + "I", len(letters))
    for l in lists:
        out += struct.pack(f"{order}I{2 * len(l)}I", len(l), *[s for s, _ in l], *[c for _, c in l])
    out += struct.pack(order + "I", 0)
    code = {"T": 0, "C": 1, "A": 2, "G": 3, "N": 0}
    padded = [code[x.upper()] for x in letters] + [0] * (-len(letters) % 4)
    return out + bytes(a << 6 | b << 4 | c << 2 | d for a, b, c, d in zip(*[iter(padded)] * 4))


def two_bit(path, order, version=0):
    records = [record(letters, order) for letters in genome.values()]
    word = "Q" if version else "I"
    at = 16 + sum(1 + len(n) + (8 if version else 4) for n in genome)
    out = struct.pack(order + "4I", 0x1A412743, version, len(genome), 0)
    for name, r in zip(genome, records):
        out += bytes([len(name)]) + name.encode() + struct.pack(order + word, at)
        at += len(r)
    open(path, "wb").write(out + b"".join(records))


two_bit("genome.2bit", "<")
two_bit("swapped.2bit", ">", 1)
with py2bit.open("genome.2bit", True) as f:
    assert all(f.sequence(n) == letters.replace("n", "N") for n, letters in genome.items())

# Stretches at all places of a line, and the whole chromosomes.
bed = [(n, 0, len(s)) for n, s in genome.items()]
for _ in range(60):
    name = rng.choice(list(genome))
    start = rng.randrange(len(genome[name]))
    bed.append((name, start, min(len(genome[name]), start + 1 + rng.randrange(150))))
with open("stretches.bed", "w") as f:
    for i, (name, start, end) in enumerate(bed):
        f.write(f"{name}\t{start}\t{end}\tstretch{i}\t0\t{rng.choice('+-')}\n")
subprocess.run("bedtools getfasta -fi genome.fa -bed stretches.bed -s -name -tab > getfasta.tsv", shell=True, check=True)

peaks = []
for i in range(48):
    name = rng.choices(["chr1", "chr2", "chrM"], [6, 4, 1])[0]
    start = rng.randrange(len(genome[name]) - 30)
    end = min(len(genome[name]), start + 20 + rng.randrange(200))
    peaks.append((name, start, end, rng.randrange(end - start)))
with open("peaks.narrowPeak", "w") as f:
    f.write('track type=narrowPeak name="made"\n# a remark\n')
    for i, (name, start, end, summit) in enumerate(peaks):
        f.write(f"{name}\t{start}\t{end}\tpeak{i}\t{rng.randrange(1000)}\t.\t3.5\t-1\t-1\t{summit}\n")
with open("blacklist.bed", "w") as f:
    f.write("chr1\t1200\t1300\nchr2\t100\t200\n")

with open("windows.tsv", "w") as f:
    for length in (40, 101):
        for summits in (False, True):
            for blacklist in (None, ["blacklist.bed"]):
                X, mask = tangermeme.io.extract_loci(
                    "peaks.narrowPeak", "genome.fa", in_window=length, summits=summits, exclusion_lists=blacklist,
                    ignore=list("N"), return_mask=True)
                kept = numpy.flatnonzero(mask.numpy())
                for i, x in zip(kept, X.numpy()):
                    letters = "".join("ACGT"[c.argmax()] if c.any() else "N" for c in x.T)
                    f.write(f"{length}\t{int(summits)}\t{int(blacklist is not None)}\t{i}\t{letters}\n")

with open("loci.bed", "w") as f:
    for name, start, end, _ in peaks[:14]:
        f.write(f"{name}\t{start}\t{end}\n")
width = 50
chosen = tangermeme.match.extract_matching_loci("loci.bed", "genome.fa", in_window=width, out_window=width, random_state=0)
bins = {}
for row in chosen.itertuples():
    letters = genome[row.chrom][row.start:row.end].upper()
    gc = sum(x in "GC" for x in letters) / width
    b = int((gc + 0.01) // 0.02)
    bins[b] = bins.get(b, 0) + 1
with open("matching.tsv", "w") as f:
    for b, n in sorted(bins.items()):
        f.write(f"{b}\t{n}\n")
