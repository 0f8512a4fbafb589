"""Golden numbers of HierarchicalClusteringTests (SciPy 1.17.1)."""
import numpy as np
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage
from scipy.spatial.distance import pdist

n = 12
i = np.arange(1, n + 1)
points = np.stack([(i * i * 7919) % 1009 / 1009, (i * i * i * 10473) % 997 / 997], 1)
for method in ["single", "complete", "average"]:
    merges = linkage(pdist(points), method)
    print(f".{method}: (")
    print("  [")
    for left, right, height, size in merges:
        print(f"    ({int(left)}, {int(right)}, {float(height)!r}, {int(size)}),")
    print("  ],")
    print(f"  order: {leaves_list(merges).tolist()},")
    print(f"  clusters at 0.3: {fcluster(merges, 0.3, 'distance').tolist()}")
    print(")")

# Many ties: whole numbers.
d = np.array([[(3 * min(a, b) + 5 * max(a, b)) % 7 + 1 for b in range(9)] for a in range(9)], float)
np.fill_diagonal(d, 0)
for method in ["complete", "average"]:
    merges = linkage(d[np.triu_indices(9, 1)], method)
    print("ties", method, [(int(a), int(b), float(h), int(s)) for a, b, h, s in merges], leaves_list(merges).tolist())
