"""Golden numbers of losses, in double precision: python losses.py > losses.json. Needs torch 2 and scikit-learn."""
import json
import math

import torch
import torch.nn.functional as F
from sklearn.utils.class_weight import compute_class_weight

torch.set_default_dtype(torch.float64)
N, K = 7, 4
z = torch.tensor([[3 * math.sin(1.3 * (s * K + o)) for o in range(K)] for s in range(N)])
labels = torch.tensor([[(2 * s + o) % 3 == 0 for o in range(K)] for s in range(N)]).double()
classes = torch.tensor([(s * s + 1) % K for s in range(N)])
shares = torch.tensor([[((5 * s + 3 * o) % 7) / 6 for o in range(K)] for s in range(N)])
counts = torch.tensor([[float((3 * s + o) % 5) for o in range(K)] for s in range(N)])


def balanced(y):
    return torch.tensor(compute_class_weight("balanced", classes=y.unique().numpy(), y=y.numpy()))


binary = torch.stack([balanced(labels[:, o])[labels[:, o].long()] for o in range(K)], 1)
# scikit-learn counts the classes that occur; all four are to count.
present = {int(c): n for c, n in zip(*torch.unique(classes, return_counts=True))}
categorical = torch.tensor([N / (K * present[c]) if c in present else 1.0 for c in range(K)])
total = counts[:, :3].sum(1)


def focal(z, y, gamma):
    """torchvision.ops.sigmoid_focal_loss without its alpha (Lin et al. 2017)."""
    p = torch.sigmoid(z)
    entropy = F.binary_cross_entropy_with_logits(z, y, reduction="none")
    return entropy * (1 - (p * y + (1 - p) * (1 - y))) ** gamma


def multinomial(z, y):
    # A distribution of its own for each sequence, since their counts have other sums.
    return torch.stack([
        -torch.distributions.Multinomial(int(n.sum()), logits=row).log_prob(n) for row, n in zip(z, y)])


LOSSES = {
    "binaryCrossEntropy": (lambda z: F.binary_cross_entropy_with_logits(z, labels, reduction="none").mean(1), labels),
    "binaryCrossEntropy, balanced": (
        lambda z: F.binary_cross_entropy_with_logits(z, labels, weight=binary, reduction="none").mean(1), labels),
    "binaryCrossEntropy, gamma 2": (lambda z: focal(z, labels, 2).mean(1), labels),
    "binaryCrossEntropy, gamma 0.5, balanced": (lambda z: (binary * focal(z, labels, 0.5)).mean(1), labels),
    "binaryCrossEntropy, gamma 2, shares": (lambda z: focal(z, shares, 2).mean(1), shares),
    "categoricalCrossEntropy": (
        lambda z: F.cross_entropy(z, classes, reduction="none"), F.one_hot(classes, K).double()),
    "categoricalCrossEntropy, balanced": (
        lambda z: F.cross_entropy(z, classes, weight=categorical, reduction="none"), F.one_hot(classes, K).double()),
    "meanSquaredError": (lambda z: F.mse_loss(z, counts, reduction="none").mean(1), counts),
    "meanSquaredLogError": (lambda z: F.mse_loss(z, torch.log1p(counts), reduction="none").mean(1), counts),
    "multinomial": (lambda z: multinomial(z, counts), counts),
    "profile and count": (
        lambda z: multinomial(z[:, :3], counts[:, :3]) + 0.5 * (z[:, 3] - torch.log1p(total)) ** 2,
        torch.cat([counts[:, :3], total[:, None]], 1)),
    "poisson": (lambda z: F.poisson_nll_loss(z, counts, log_input=True, reduction="none").mean(1), counts),
}
result = {}
for name, (loss, targets) in LOSSES.items():
    x = z.clone().requires_grad_()
    values = loss(x)
    values.sum().backward()
    result[name] = {
        "targets": targets.reshape(-1).tolist(), "losses": values.tolist(), "gradient": x.grad.reshape(-1).tolist()}
print(json.dumps(result, indent=1))
