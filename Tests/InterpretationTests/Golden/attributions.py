"""Golden numbers of AttributionTests: gradients and class activation maps with PyTorch, integrated gradients with Captum 0.9,
DeepLIFT with tangermeme 1.6 (Captum 0.9 loses shares where the winners of a maximum overlap).

python attributions.py
"""

import numpy as np
import torch
from captum.attr import IntegratedGradients
from tangermeme.deep_lift_shap import deep_lift_shap

N, L = 3, 30
codes = np.array([(i * i * 31 + i * 17 + (i >> 3) * 5 + (i >> 5) * 3) % 97 % 4 for i in range(2 * N * L)])
x = torch.tensor(np.eye(4, dtype=np.float32)[codes[: N * L].reshape(N, L)].transpose(0, 2, 1))
references = torch.tensor(np.eye(4, dtype=np.float32)[codes[N * L :].reshape(N, L)].transpose(0, 2, 1))

shapes = [(5, 4, 6), (6,), (4, 6, 5), (5,), (5, 3), (3,), (3, 1), (1,)]
count = sum(int(np.prod(s)) for s in shapes)
numbers = (np.sin(0.7 * np.arange(count) + 1) * 0.4).astype(np.float32)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = torch.nn.Conv1d(4, 6, 5), torch.nn.Conv1d(6, 5, 4)
        self.d1, self.d2 = torch.nn.Linear(5, 3), torch.nn.Linear(3, 1)
        self.r1, self.r2, self.r3 = torch.nn.ReLU(), torch.nn.ReLU(), torch.nn.ReLU()
        self.p1, self.p2 = torch.nn.MaxPool1d(2), torch.nn.MaxPool1d(10)

    def forward(self, x):
        self.a1 = self.r1(self.c1(x))
        self.a2 = self.r2(self.c2(self.p1(self.a1)))
        return self.d2(self.r3(self.d1(self.p2(self.a2).flatten(1))))


net = Net()
offset = 0
for layer in (net.c1, net.c2, net.d1, net.d2):
    for name in ("weight", "bias"):
        shape = shapes.pop(0)
        values = numbers[offset : offset + int(np.prod(shape))].reshape(shape)
        offset += values.size
        getattr(layer, name).data = torch.tensor(np.ascontiguousarray(values.T))


def show(name, values):
    values = values.detach().numpy()
    flat = values.ravel()
    picks = ", ".join(f"{flat[i]:.8g}" for i in range(0, flat.size, flat.size // 11))
    print(f"{name} {values.shape} total {np.abs(flat.astype(float)).sum():.8g} picks [{picks}]")


x.requires_grad_(True)
y = net(x)
print("logits", y.ravel().tolist())
net.a1.retain_grad()
net.a2.retain_grad()
y.sum().backward()
show("gradient", x.grad)
for name, a in (("first", net.a1), ("last", net.a2)):
    g = a.grad
    show(f"{name} grad-cam", (g.mean(2, keepdim=True) * a).sum(1))
    show(f"{name} hires-cam", (g * a).sum(1))
    alpha = g**2 / (2 * g**2 + a.sum(2, keepdim=True) * g**3 + 1e-6)
    show(f"{name} grad-cam++", ((torch.relu(g) * alpha).sum(2, keepdim=True) * a).sum(1))
x = x.detach()
show("integrated", IntegratedGradients(net).attribute(x, n_steps=50, method="riemann_middle"))
zeros = torch.zeros(N, 1, 4, L)
show("deeplift zeros", deep_lift_shap(net, x, references=zeros, device="cpu"))
for hypothetical in (False, True):
    values = deep_lift_shap(net, x, references=references[:, None], device="cpu", hypothetical=hypothetical)
    show(f"deeplift references, hypothetical {hypothetical}", values)
