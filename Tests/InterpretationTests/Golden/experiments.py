"""Golden numbers of ExperimentTests: tangermeme 1.6's marginalize, ablate and space on the network of attributions.py.

python experiments.py
"""

import torch
from attributions import net, x
from tangermeme.ablate import ablate
from tangermeme.deep_lift_shap import deep_lift_shap
from tangermeme.marginalize import marginalize
from tangermeme.space import space

zeros = torch.zeros(x.shape[0], 1, *x.shape[1:])


def unknown(X, start, end, n, random_state):
    """Unknown bases instead of shuffles."""
    X = X.clone()
    X[:, :, start:end] = 0
    return X[:, None]


def show(name, values):
    print(name, [round(v, 8) for v in values.double().flatten().tolist()])


for start in (None, 4):
    before, after = marginalize(net, x, "TGTNTAC", start=start, device="cpu")
    show(f"marginalize {start}", (after - before)[:, 0])
before, after = marginalize(net, x, "TGTTTAC", func=deep_lift_shap, references=zeros, device="cpu")
show("marginalize deeplift", (after - before)[:, :, 12:19].sum((1, 2)))
before, after = ablate(net, x, 10, 17, n=1, shuffle_fn=unknown, device="cpu")
show("ablate", (before - after[:, 0])[:, 0])
before, after = space(net, x, ["TGTT", "CACGA"], [[0], [3], [8]], device="cpu")
show("space", (after[:, :, 0] - before).T)
