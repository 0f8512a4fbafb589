"""Golden numbers of RedundancyTests: Pearson correlations with numpy of the activations of filter_motifs.py's network.

python similarity.py
"""

import numpy as np

from filter_motifs import activations

a = activations(0)
print(np.corrcoef(a[:, :, :2].reshape(-1, 2).T)[0, 1])
print(np.corrcoef(a[:, :, :2].max(1).T)[0, 1])
