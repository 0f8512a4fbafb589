"""Variants of genome.fa as VCF, bgzipped VCF and BCF, and what bcftools makes of them.

    python variants.py                    # with bcftools and bgzip 1.16 on the PATH

alleles.tsv     what bcftools query reads: position (from 1), name, reference, alternatives
haplotypes.tsv  record, alternative, the 40 bases from 20 before the position with the alternative (bcftools consensus)
"""
import os, random, subprocess

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = random.Random(3)
genome, name = {}, None
for line in open("genome.fa"):
    if line[0] == ">":
        name = line[1:].split()[0]
        genome[name] = ""
    else:
        genome[name] += line.strip().upper()


def other(letters):
    return rng.choice([x for x in "ACGT" if x not in letters])


def draw(count):
    return "".join(rng.choice("ACGT") for _ in range(count))


records = []
for i in range(60):
    chromosome = rng.choice(["chr1", "chr2"])
    p = rng.randrange(100, len(genome[chromosome]) - 120)
    here = genome[chromosome][p:p + 12]
    if "N" in here:
        continue
    kind = i % 8
    if kind < 2:
        ref, alts = here[0], [other(here[0])]
    elif kind == 2:
        ref, alts = here[0], [here[0] + draw(rng.randrange(1, 9))]
    elif kind == 3:
        ref, alts = here[:rng.randrange(2, 12)], [here[0]]
    elif kind == 4:
        ref, alts = here[:3], [other(here[0]) + draw(1) + other(here[2])]
    elif kind == 5:
        a = other(here[0])
        ref, alts = here[0], [a, other(here[0] + a), here[0] + draw(3)]
    elif kind == 6:  # reference and alternative swapped
        ref, alts = other(here[0]), [here[0]]
    else:
        a = other(here[0])
        ref, alts = (here[0], ["<DEL>", "*", a]) if i % 16 == 7 else (a, [other(here[0] + a)])
    records.append((chromosome, p, f"v{i}" if i % 3 else ".", ref, alts))
records.sort()
with open("variants.vcf", "w") as f:
    f.write("##fileformat=VCFv4.2\n")
    for n, letters in genome.items():
        f.write(f"##contig=<ID={n},length={len(letters)}>\n")
    f.write('##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n'
            "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\ttwo\n")
    for chromosome, p, id, ref, alts in records:
        f.write(f"{chromosome}\t{p + 1}\t{id}\t{ref}\t{','.join(alts)}\t50\t.\tAF={','.join('0.25' for _ in alts)}\tGT\t0/1\t1|1\n")
subprocess.run("bgzip -kf variants.vcf && bcftools view -Ob --no-version -o variants.bcf variants.vcf", shell=True, check=True)
subprocess.run(r"bcftools query -f '%CHROM\t%POS\t%ID\t%REF\t%ALT\n' variants.bcf > alleles.tsv", shell=True, check=True)

with open("haplotypes.tsv", "w") as out:
    for number, (chromosome, p, id, ref, alts) in enumerate(records):
        for alt in alts:
            if alt[0] in "<*" or genome[chromosome][p:p + len(ref)] != ref:
                continue
            with open("one.vcf", "w") as f:
                f.write("##fileformat=VCFv4.2\n" + "".join(f"##contig=<ID={n}>\n" for n in genome)
                        + f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n{chromosome}\t{p + 1}\t.\t{ref}\t{alt}\t.\t.\t.\n")
            subprocess.run("bgzip -f one.vcf && tabix -f one.vcf.gz", shell=True, check=True)
            text = subprocess.run(f"samtools faidx genome.fa {chromosome} | bcftools consensus one.vcf.gz", shell=True,
                                  check=True, capture_output=True, text=True).stdout
            letters = "".join(text.split("\n")[1:]).upper()
            out.write(f"{number + 1}\t{alt}\t{letters[p - 20:p + 20]}\n")
for suffix in ("", ".tbi"):
    os.remove("one.vcf.gz" + suffix)
