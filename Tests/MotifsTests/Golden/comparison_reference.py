"""Motif comparison in plain NumPy, written from the published description and not from any program's source
(Gupta et al. 2007, Genome Biology 8, R24): slow, obvious, in double precision. It makes the golden numbers that
ComparisonGoldenTests.swift holds the library to: `python3 comparison_reference.py > comparison_golden.tsv`.
"""
import math
import numpy as np


def normalized(m):
    """Each row that is off by more than 1e-5 divided by its sum: MEME reads matrices so."""
    sums = m.sum(1, keepdims=True)
    return np.where(abs(sums - 1) > 1e-5, m / sums, m)


def smooth(f, n, bg, pseudocount):
    return (f * n + pseudocount * bg) / (n + pseudocount)


def rounded(x):
    """To 14 significant digits."""
    if x == 0:
        return 0.0
    scale = 10.0 ** math.ceil(13 - math.log10(abs(x)))
    return round(scale * x) / scale


def rounded_sum(terms):
    """Rounded after each term."""
    total = 0.0
    for term in terms:
        total = rounded(total + term)
    return total


def column_score(distance, a, b, na, nb, bg):
    if distance == "euclidean":
        return -math.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)))
    if distance == "sandelin":
        return 2 - sum((x - y) ** 2 for x, y in zip(a, b))
    if distance == "pearson":
        x, y = a - 0.25, b - 0.25
        xy, xx, yy = (rounded_sum(u * v) for u, v in ((x, y), (x, x), (y, y)))
        return 0.0 if xx * yy < 1e-28 else xy / math.sqrt(xx * yy)
    if distance == "kullback":
        return -0.5 * sum(x * math.log10(x / y) + y * math.log10(y / x) for x, y in zip(a, b))
    if distance == "allr":
        s = sum(nb * y * math.log(x / p) + na * x * math.log(y / p) for x, y, p in zip(a, b, bg))
        return s / (na + nb)
    components = {"1": [[1, 1, 1, 1]],
                  "5": [[5, 1, 1, 1], [1, 5, 1, 1], [1, 1, 5, 1], [1, 1, 1, 5], [2, 2, 2, 2]]}[distance[-1]]
    ca, cb = na * a, nb * b

    def estimate(c):
        """Posterior mean under the Dirichlet mixture, components equally likely."""
        logs, means = [], []
        for alpha in np.array(components, dtype=float):
            post = alpha + c
            logs.append(math.lgamma(alpha.sum()) - math.lgamma(post.sum())
                        + sum(math.lgamma(p) - math.lgamma(q) for p, q in zip(post, alpha)))
            means.append(post / post.sum())
        w = np.exp(np.array(logs) - max(logs))
        return (w / w.sum()) @ np.array(means)

    both = ca + cb
    common = float(both @ np.log(estimate(both)))
    independent = float(ca @ np.log(estimate(ca))) + float(cb @ np.log(estimate(cb)))
    if distance.startswith("llr"):
        return common - independent
    return 2 * common - independent - float(both @ np.log(bg))


def reverse_complement(m):
    return m[::-1, ::-1]


def shifted(scores, mode, complete):
    """Scores less the median of their query column, as the program in question takes it."""
    x = scores.copy()
    for row in x if complete else []:
        v = np.sort(row)
        t = len(v)
        if mode == "meme":
            m = (v[max(math.floor(t / 2) - 1, 0)] + v[max(math.ceil(t / 2) - 1, 0)]) / 2
        elif v[-1] == v[0]:
            m = v[0]
        else:
            b = ((v - v[0]) / (v[-1] - v[0]) * 999).astype(int)
            m = v[b == b[math.ceil(t / 2) - 1]].mean()
        row -= m
    return x


def span_pmfs(histograms):
    w = len(histograms)
    table = {}
    for i in range(w):
        p = np.array([1.0])
        for j in range(i, w):
            p = np.convolve(p, histograms[j])
            table[i, j] = p
    return table


def compare(query, nq, targets, nts, mode="meme", distance="euclidean", complete=True, both_strands=True,
            minimum_overlap=1, internal=False, bg=np.full(4, 0.25), pseudocount=0.1, collection=()):
    """Rows (target, p, offset, overlap, strand) of one query, and the p-values that its q-values come from.

    `collection` is a list of (matrix, sites) whose columns join those of the targets in the null.
    """
    w = len(query)
    if mode == "meme":
        query, targets = normalized(query), [normalized(t) for t in targets]
        collection = [(normalized(t), n) for t, n in collection]
    bg = np.array([(bg[0] + bg[3]) / 2, (bg[1] + bg[2]) / 2, (bg[1] + bg[2]) / 2, (bg[0] + bg[3]) / 2])
    stranded, others = list(zip(targets, nts)), list(collection)
    if both_strands:
        stranded += [(reverse_complement(t), n) for t, n in stranded]
        others += [(reverse_complement(t), n) for t, n in others]
    columns = np.concatenate([t for t, _ in others + stranded])
    sites = np.concatenate([[n] * len(t) for t, n in others + stranded])
    if mode == "meme":
        query = smooth(query, nq, bg, pseudocount)
        columns = np.array([smooth(c, n, bg, pseudocount) for c, n in zip(columns, sites)])
    else:
        lo, hi = columns.min(0), columns.max(0)
        hi[hi == lo] = lo[hi == lo] + 1
        key = [tuple(k) for k in np.rint((columns - lo) / (hi - lo) * 99).astype(int)]
        first = {}
        for k, c in zip(key, columns):
            first.setdefault(k, c)
        columns = np.array([first[k] for k in key])
    scores = np.array([[column_score(distance, q, c, nq, n, bg) for c, n in zip(columns, sites)]
                       for q in query])
    x = shifted(scores, mode, complete)
    lo, hi = x.min(), x.max()
    offset = math.floor(lo - 1) if mode == "meme" and hi == lo else math.floor(lo)
    width = hi - offset if mode == "meme" else max(hi - offset, 1)
    scale = math.floor(100 / width) or 100 / width
    bins = np.floor((x - offset) * scale + 0.5).astype(int)
    unit = round(offset * scale) if complete else 0
    histograms = [np.bincount(row, minlength=101) / len(columns) for row in bins]
    tails = {k: np.cumsum(v[::-1])[::-1] for k, v in span_pmfs(histograms).items()}  # P(sum of bins >= s)

    def tail(i, j, score):
        """P(sum over the span >= score), an unaligned column counting 0."""
        s = score - (j - i + 1) * unit
        t = tails[i, j]
        return 1.0 if s <= 0 else (float(t[s]) if s < len(t) else 0.0)

    def alignments(length):
        """(shift, i, j): the query's columns i..j lie on the target's columns i + shift..j + shift."""
        for k in range(w + length - 1):
            shift = k - (w - 1)
            yield shift, max(0, -shift), min(w - 1, length - 1 - shift)

    rows = []
    start = sum(len(t) for t, _ in others)
    for t, n in stranded:
        length = len(t)
        best = None
        for shift, i, j in alignments(length):
            overlap = j - i + 1
            if mode == "meme":
                if overlap < min(minimum_overlap, w, length):
                    continue
                if internal and overlap < min(w, length):
                    continue
            score = int(sum(bins[c, start + c + shift] for c in range(i, j + 1))) + overlap * unit
            key = score if complete else -tail(i, j, score)
            if best is None or key > best[0]:
                best = (key, score, shift, overlap, (i, j))
            elif key == best[0]:
                if mode == "meme" and overlap > best[3]:
                    best = (key, score, shift, overlap, (i, j))
                elif mode == "lite" and overlap > best[2]:
                    best = (key, score, shift, overlap, (i, j))
        key, score, shift, overlap, span = best
        if complete:
            p = 0.0
            for _, i, j in alignments(length):
                for _ in range(2 if both_strands and mode == "meme" else 1):
                    s = tail(i, j, score)
                    p = p + s - p * s
            if mode == "lite" and score <= 0:
                p = 1.0
        else:
            s = tail(*span, score)
            m = (w + length - 1) * (2 if both_strands else 1)
            p = m * s if m * s < 0.001 else -math.expm1(m * math.log1p(-s)) if s < 1 else 1.0
        rows.append((p, score, shift, overlap))
        start += length
    n = len(targets)
    result = []
    for k in range(n):
        strand = "+"
        p, score, shift, overlap = rows[k]
        if both_strands:
            p2, score2, shift2, overlap2 = rows[k + n]
            if mode == "lite":
                p = min(p, p2)
                p = p * (2 - p)
                if score <= score2:
                    score, shift, overlap, strand = score2, shift2, overlap2, "-"
            elif (p2, -overlap2) < (p, -overlap):
                p, score, shift, overlap, strand = p2, score2, shift2, overlap2, "-"
        if mode == "meme":
            p = float(np.float32(p))
        result.append((k, p, shift, overlap, strand))
    stranded_p = [float(np.float32(r[0])) if mode == "meme" else r[0] for r in rows]
    return result, stranded_p


def q_values(p, estimate):
    """Storey's q-values, in MEME's mode through a 32-bit float as p is; the null share is the one whose expected squared error over 1000 draws is least."""
    p = np.array(p)
    m = len(p)
    share = 1.0
    if estimate and m > 100:
        best = None
        lambdas = [(i + 1) / 100 * 0.5 for i in range(100)]
        above = [float((p > l).mean()) for l in lambdas]
        least = min(q / (1 - l) for q, l in zip(above, lambdas))
        for q, l in zip(above, lambdas):
            error = (q / (1 - l) - least) ** 2 + q * (1 - q) / (min(m, 1000) * (1 - l) ** 2)
            if best is None or error < best[0]:
                best = (error, q / (1 - l))
        share = min(1.0, best[1])
    order = np.argsort(p, kind="stable")
    q = np.empty(m)
    running = 1.0
    for rank in range(m, 0, -1):
        running = min(running, share * p[order[rank - 1]] * m / rank)
        q[order[rank - 1]] = running
    return {float(a): float(np.float32(b)) if estimate else float(b) for a, b in zip(p, q)}


def synthetic(count, seed, digits=None):
    """Count matrices from a congruential generator that any language has in one line; frequencies of `digits` digits,
    cut off, so that rows do not sum to one."""
    state = seed

    def draw(n):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2 ** 31
        return (state >> 16) % n

    motifs = []
    for _ in range(count):
        width = 4 + draw(9)
        rows = []
        for _ in range(width):
            row = [draw(12) for _ in range(4)]
            if draw(4) > 0:
                row[draw(4)] += 40
            row[draw(4)] += 1
            total = sum(row)
            rows.append([c / total if digits is None else c * 10 ** digits // total / 10 ** digits for c in row])
        motifs.append((np.array(rows), 10 + draw(60)))
    return motifs


def few_sites(count, seed):
    """Motifs of four to ten sites with six digits, as files have them: many scores are equal, and some lie where two
    bins meet."""
    state = seed

    def draw(n):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2 ** 31
        return (state >> 16) % n

    motifs = []
    for _ in range(count):
        sites = [4, 5, 8, 10][draw(4)]
        rows = []
        for _ in range(5 + draw(4)):
            row, favourite = [0] * 4, draw(4)
            for _ in range(sites):
                row[favourite if draw(10) < 7 else draw(4)] += 1
            rows.append([round(c / sites, 6) for c in row])
        motifs.append((np.array(rows), sites))
    return motifs


if __name__ == "__main__":
    motifs = synthetic(6, 1)
    extra = synthetic(60, 2)
    bg = np.array([0.3, 0.25, 0.15, 0.3])
    cases = [(f"meme {d}", dict(distance=d)) for d in
             ["euclidean", "pearson", "sandelin", "kullback", "allr", "blic1", "blic5", "llr1", "llr5"]]
    cases += [("lite", dict(mode="lite")), ("incomplete", dict(complete=False)),
              ("overlap 4", dict(minimum_overlap=4)), ("internal", dict(internal=True)),
              ("one strand", dict(both_strands=False)), ("background", dict(bg=bg, pseudocount=2.0)),
              ("collection", dict(collection=extra)), ("lite collection", dict(mode="lite", collection=extra))]
    cases = [(name, motifs, options) for name, options in cases]
    cut = synthetic(6, 3, digits=3)
    cases += [(f"cut {d}", cut, dict(distance=d)) for d in
              ["euclidean", "pearson", "sandelin", "kullback", "allr", "blic1", "blic5", "llr1", "llr5"]]
    cases += [("cut lite", cut, dict(mode="lite"))]
    cases += [(f"few sites {d}", few_sites(4, 2), dict(distance=d)) for d in ["euclidean", "pearson", "sandelin"]]
    print("case", "query", "target", "p", "q", "offset", "overlap", "strand", sep="\t")
    for name, compared, options in cases:
        for k, (query, nq) in enumerate(compared[:3]):
            rows, tests = compare(query, nq, [m for m, _ in compared], [n for _, n in compared], **options)
            lite = options.get("mode") == "lite"
            q = q_values([r[1] for r in rows] if lite else tests, not lite)
            for t, p, offset, overlap, strand in rows:
                print(name, k, t, repr(p), repr(q[p]), offset, overlap, strand, sep="\t")
    # One query against 60 targets, where the share of true nulls is estimated.
    rows, tests = compare(*motifs[0], [m for m, _ in extra], [n for _, n in extra])
    q = q_values(tests, True)
    for t, p, offset, overlap, strand in rows:
        print("many", 0, t, repr(p), repr(q[p]), offset, overlap, strand, sep="\t")
